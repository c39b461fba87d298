"""The least API there is: what a request costs before the platform does anything."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/me")
async def me() -> dict[str, str]:
    return {"name": "nobody"}
