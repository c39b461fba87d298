"""A multipart form whose file is a stream: it goes straight to the store, never whole into memory or a second file."""

from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from heroes.kit.errors import Invalid
from heroes.kit.faults import fault

_FIELD_BYTES = 64 * 1024
_CUT = "The upload was cut; nothing was stored. Send it again."


class Form:
    """Fields before and after the one part called `file`.

    Use in this order: `until_file()`, `file()` to its end, `rest()`. Each raises Invalid for a broken or cut form.
    """

    def __init__(self, content_type: str, chunks: AsyncIterator[bytes]) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise Invalid("Send the file as multipart/form-data with the fields bucket, path and file.", code="no_form")
        self.fields: dict[str, str] = {}
        self.filename = ""
        self._chunks = chunks
        self._held: list[bytes] = []
        self._headers: dict[str, bytes] = {}
        self._name, self._value = b"", b""
        self._part, self._field = "", bytearray()
        self._file_seen = self._file_ended = self._ended = False
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_name,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_part_end": self._on_end,
                "on_end": self._on_last,
            },
        )

    async def until_file(self) -> None:
        """Read the fields before the file."""
        while not self._file_seen:
            if not await self._pump():
                raise Invalid("The form has no file.", [fault("/file", "is missing", "missing")], case="see_fields")

    async def file(self) -> AsyncIterator[bytes]:
        """Yield the file's bytes."""
        while True:
            held, self._held = self._held, []
            for chunk in held:
                yield chunk
            if self._file_ended:
                return
            if not await self._pump():
                raise Invalid(_CUT, code="upload_cut")

    async def rest(self) -> None:
        """Read the fields after the file."""
        while await self._pump():
            pass
        if not self._ended:
            raise Invalid(_CUT, code="upload_cut")

    async def _pump(self) -> bool:
        chunk = await anext(self._chunks, None)
        if chunk is None:
            return False
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise Invalid("The form cannot be read; send it as multipart/form-data.", code="broken_form") from error
        return True

    # what the parser finds

    def _begin(self) -> None:
        self._headers, self._field, self._part = {}, bytearray(), ""

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value
        self._name, self._value = b"", b""

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        self._part = options.get(b"name", b"").decode(errors="replace")
        if self._part != "file":
            return
        if self._file_seen:
            raise Invalid(
                "Send one file at a time.", [fault("/file", "is given twice", "given_twice")], case="see_fields"
            )
        self._file_seen = True
        self.filename = options.get(b"filename", b"").decode(errors="replace")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._part == "file":
            self._held.append(bytes(data[start:end]))
            return
        self._field += data[start:end]
        if len(self._field) > _FIELD_BYTES:
            problem = fault(f"/{self._part}", "is too long", "too_long", most=_FIELD_BYTES)
            raise Invalid("A field of the form is too long.", [problem], case="see_fields")

    def _on_end(self) -> None:
        if self._part == "file":
            self._file_ended = True
        else:
            self.fields[self._part] = self._field.decode(errors="surrogateescape")

    def _on_last(self) -> None:
        self._ended = True
