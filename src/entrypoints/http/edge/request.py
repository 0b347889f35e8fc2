"""Litestar's request, with the body that the gate has read, checked and decoded."""

from typing import Any, cast

from litestar import Request

from entrypoints.http.edge.exchange import Exchange


class ReadRequest(Request[Any, Any, Any]):
    """Its JSON is decoded already, strictly and straight into the type that the handler takes."""

    async def body(self) -> bytes:
        """The bytes that came."""
        exchange = self._exchange
        is_raw = exchange.operation is not None and exchange.operation.is_raw
        return await super().body() if is_raw else exchange.body

    async def json(self) -> Any:
        """The struct that the handler takes as `data`."""
        return self._exchange.data

    @property
    def _exchange(self) -> Exchange:
        return cast("Exchange", cast("Any", self.scope)["usher"])
