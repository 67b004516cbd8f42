"""A tab without a browser: speaks Streamlit's protocol over a websocket, so that hundreds fit on one machine.

It sends what a browser sends (the cookie, the address, the values of the fields that are shown, the fragment that a field
stands in) and keeps what it is sent until the run has finished. Nothing is drawn.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from ui.sign_in.demo import COOKIE

PATIENCE = 60.0


@dataclass(frozen=True)
class Field:
    """A radio or a button as it was sent. `key` is the name the page gave it; `fragment` is empty outside fragments."""

    id: str
    key: str
    fragment: str
    options: tuple[str, ...] = ()
    chosen: str | None = None


class Tab:
    """An open page. One run at a time: send something, then wait until it has `finished`."""

    def __init__(self, socket: ClientConnection, query: str) -> None:
        self._socket = socket
        self._query = query
        self._script = ""
        self._elements: dict[tuple[int, ...], tuple[str, Element]] = {}
        self._chosen: dict[str, str] = {}

    async def open(self, page: str) -> None:
        """Ask for the page by the end of its address, and wait for it."""
        message = BackMsg()
        message.rerun_script.page_name = page
        await self._send(message)
        await self.finished()

    async def rerun(self) -> None:
        """Run the whole page again, as a click outside its fragments does."""
        await self._send(self._message(""))
        await self.finished()

    async def choose(self, key: str, option: str) -> None:
        """Choose an option of a radio by its text, and wait for the run that follows."""
        await self.send_choice(key, option)
        await self.finished()

    async def send_choice(self, key: str, option: str) -> None:
        """The same without waiting."""
        field = self.field(key)
        self._chosen[field.id] = option
        await self._send(self._message(field.fragment))

    async def click(self, key: str) -> None:
        """Click a button, and wait for the run that follows."""
        field = self.field(key)
        message = self._message(field.fragment)
        message.rerun_script.widget_states.widgets.append(WidgetState(id=field.id, trigger_value=True))
        await self._send(message)
        await self.finished()

    async def finished(self) -> None:
        """Read until the run is over, also when the page asks for another one at once; raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while True:
                received = ForwardMsg()
                received.ParseFromString(await self._socket.recv(decode=False))
                self._keep(received)
                early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
                if received.HasField("script_finished") and received.script_finished != early:
                    return

    async def close(self) -> None:
        """Close the tab as a browser does: say that one leaves, and wait for nobody."""
        await self._socket.close(code=1001)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def field(self, key: str) -> Field:
        """The radio or button that is shown with this key; raises LookupError."""
        found = next((field for field in self.fields() if field.key == key), None)
        if found is None:
            raise LookupError(f"no field {key} is shown, but: {self.texts()} {self.faults()}")
        return found

    def fields(self) -> Iterator[Field]:
        """The radios and buttons that are shown, in the order they were sent."""
        for fragment, element in self._elements.values():
            if element.HasField("radio"):
                radio = element.radio
                known = self._chosen.get(radio.id)
                default = radio.options[radio.default] if radio.HasField("default") else None
                chosen = radio.raw_value if radio.set_value else known or default
                yield Field(radio.id, _key(radio.id), fragment, tuple(radio.options), chosen)
            elif element.HasField("button"):
                yield Field(element.button.id, _key(element.button.id), fragment)

    def texts(self) -> list[str]:
        """Headings and running text that are shown."""
        elements = [element for _, element in self._elements.values()]
        return [one.heading.body for one in elements if one.HasField("heading")] + [
            one.markdown.body for one in elements if one.HasField("markdown")
        ]

    def faults(self) -> list[str]:
        """Errors that are shown: notices of the page's own and exceptions."""
        elements = [element for _, element in self._elements.values()]
        notices = [one.alert.body for one in elements if one.HasField("alert") and one.alert.format == one.alert.ERROR]
        return notices + [one.exception.type or "Exception" for one in elements if one.HasField("exception")]

    # --- the protocol -------------------------------------------------------------------------------------------------

    def _message(self, fragment: str) -> BackMsg:
        """A run of the page, or of one fragment, with the values of the radios that are shown."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string = self._query
        run.page_script_hash = self._script
        run.fragment_id = fragment
        for field in self.fields():
            if field.options and field.chosen is not None:
                run.widget_states.widgets.append(WidgetState(id=field.id, string_value=field.chosen))
        return message

    async def _send(self, message: BackMsg) -> None:
        message.rerun_script.query_string = self._query
        await self._socket.send(message.SerializeToString())

    def _keep(self, received: ForwardMsg) -> None:
        """Remember what is shown; what stood in the parts that run now is forgotten first."""
        if received.HasField("new_session"):
            again = set(received.metadata.run.fragment_ids)
            kept = {path: old for path, old in self._elements.items() if again and old[0] not in again}
            self._elements = kept
            self._script = received.new_session.page_script_hash
        elif received.HasField("navigation"):
            self._script = received.navigation.page_script_hash
        elif received.HasField("delta") and received.delta.HasField("new_element"):
            path = tuple(received.metadata.delta_path)
            self._elements[path] = (received.delta.fragment_id, received.delta.new_element)


@asynccontextmanager
async def opened(address: str, person_id: str, page: str, **query: str) -> AsyncIterator[Tab]:
    """A tab on `page` of the server at `address` (http://localhost:…), signed in by the cookie of the demo."""
    stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
    async with connect(
        stream,
        origin=Origin(address),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{COOKIE}={person_id}"},
        max_size=None,
        open_timeout=PATIENCE,
        close_timeout=1,
        proxy=None,
    ) as socket:
        tab = Tab(socket, urlencode(query))
        await tab.open(page)
        yield tab


def _key(widget: str) -> str:
    """The page's own name of a field, which Streamlit hangs on the end of its id (`$$ID-hash-name`)."""
    return widget.split("-", 2)[-1]
