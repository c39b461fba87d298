"""What goes in and out, exactly as the original client has it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class WorkflowOut(BaseModel):
    id: str = Field(description="application@environment@workflow", examples=["airfoil@any@airfoil"])
    name: str
    application_id: str
    environment_id: str
    environment_name: str


class Workflows(BaseModel):
    workflows: list[WorkflowOut]


class Inputs(BaseModel):
    """The inputs of an execution; texts are read by the schema of the workflow's parameters."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"inputs": {"angles": "-4 0 4 8", "num_nodes": "2"}}]})

    inputs: dict[str, Any] | None = Field(default=None, max_length=500)


class Execution(BaseModel):
    id: str
    status: str = Field(description="PENDING, RUNNING, CANCELLING, SUCCEEDED, FAILED or CANCELLED")
    outputs: dict[str, Any] | None = Field(default=None, description="result → bucket:path, once it is there")


class Started(BaseModel):
    """What is kept of a trigger; the answer itself is empty."""

    id: str


class Log(BaseModel):
    level: str = Field(description="DEBUG, INFO, WARN or ERROR")
    timestamp: datetime
    content: str


class Logs(BaseModel):
    logs: list[Log]
    total_results: int
    from_: int = Field(serialization_alias="from", validation_alias="from")


class KeyIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"metadata": {"site": "alpha"}}]})

    metadata: dict[str, Any] | None = Field(default=None, max_length=50)


class KeyOut(BaseModel):
    """Shown once: the id is the token that uses the key."""

    id: str
    public_key: str


class Fault(BaseModel):
    id: str
    status: int
    title: str
    detail: str


class Faults(BaseModel):
    """Every error, as the original has it."""

    errors: list[Fault]
