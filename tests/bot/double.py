"""A small Discord on the loopback: a gateway over a WebSocket, and the REST calls that the bot makes."""

import asyncio
import itertools
import json
import time
from collections import deque
from dataclasses import dataclass, field

import discord
import yarl
from aiohttp import WSMsgType, web

TOKEN = "right.token.here"
BOT, GUILD, CHANNEL, ADA = "1001", "2001", "3001", "4001"
PERMISSIONS = str(discord.Permissions.all().value)


def _json(answer, *, status=200, headers=None):
    """As Discord labels it: discord.py reads a type with a charset as text."""
    labelled = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(answer).encode(), status=status, headers=labelled)


def a_user(user_id, name, *, bot=False):
    return {"id": user_id, "username": name, "discriminator": "0", "avatar": None, "global_name": name, "bot": bot}


@dataclass
class Call:
    """A REST call that the bot made; `at` is on the monotonic clock."""

    method: str
    path: str
    json: object
    at: float


@dataclass
class Double:
    """Discord's side; tests push events and read the calls.

    Attributes:
        faults: (method, part of the path) -> answers (status, headers, body) to give first, each once.
        resumes, identifies: how often a session was resumed or begun.
        resumable: whether a session can be resumed.
        permissions: what the bot may do in its server.
        registered: the commands.
    """

    calls: list[Call] = field(default_factory=list)
    faults: dict[tuple[str, str], deque] = field(default_factory=dict)
    identifies: int = 0
    resumes: int = 0
    resumable: bool = True
    permissions: str = PERMISSIONS
    registered: list = field(default_factory=list)
    _ids: itertools.count = field(default_factory=lambda: itertools.count(9_000_000))
    _events: deque[dict] = field(default_factory=lambda: deque(maxlen=100))
    _sequence: int = 0
    _socket: web.WebSocketResponse | None = None
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _called: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    # ----------------------------------------------------------------------------------------- for the test

    async def __aenter__(self):
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/api/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_):
        await self.drop()
        await self._runner.cleanup()

    def gateway_url(self):
        return yarl.URL(self.url.replace("http", "ws") + "/gateway")

    async def connected(self):
        async with asyncio.timeout(60):
            await self._ready.wait()

    async def drop(self):
        """Cuts the connection without a word."""
        self._ready.clear()
        if self._socket is not None and self._socket._req is not None and self._socket._req.transport is not None:
            self._socket._req.transport.abort()
        self._socket = None

    async def says(self, content, *, mention=True):
        """Ada says something in the channel; kept for a resume while nobody is connected."""
        message_id = str(next(self._ids))
        text = f"<@{BOT}> {content}" if mention else content
        await self._dispatch("MESSAGE_CREATE", self._message(message_id, text, a_user(ADA, "ada"), mention=mention))
        return message_id

    async def replies_without_ping(self, content=""):
        """Ada replies to an answer with the ping off; its text comes along only where the bot may read all texts."""
        message_id, answer = str(next(self._ids)), self._message("700", "", a_user(BOT, "On Record", bot=True))
        message = self._message(message_id, content, a_user(ADA, "ada"))
        reference = {"message_id": "700", "channel_id": CHANNEL, "guild_id": GUILD}
        reply = {**message, "type": 19, "message_reference": reference, "referenced_message": answer}
        await self._dispatch("MESSAGE_CREATE", reply)
        return message_id

    async def commands(self, name, **options):
        """Ada runs a command; gives the interaction's id."""
        interaction_id = str(next(self._ids))
        await self._dispatch(
            "INTERACTION_CREATE",
            {
                "id": interaction_id,
                "application_id": BOT,
                "type": 2,
                "token": f"token-{interaction_id}",
                "version": 1,
                "guild_id": GUILD,
                "channel_id": CHANNEL,
                "channel": {"id": CHANNEL, "type": 0, "name": "desk", "permissions": PERMISSIONS},
                "member": {**self._member(), "user": a_user(ADA, "ada"), "permissions": PERMISSIONS},
                "data": {
                    "id": "7001",
                    "name": name,
                    "type": 1,
                    "options": [{"name": key, "type": 3, "value": value} for key, value in options.items()],
                },
                "entitlements": [],
                "locale": "en-US",
                "app_permissions": PERMISSIONS,
                "authorizing_integration_owners": {"0": GUILD},
                "context": 0,
                "attachment_size_limit": 1,
            },
        )
        return interaction_id

    def fail(self, method, path, *answers):
        self.faults[method, path] = deque(answers)

    def made(self, method, path, *, since=0):
        """The calls like this that the bot has made, after the first `since` calls of any kind."""
        return [c for c in self.calls[since:] if c.method == method and path in c.path]

    async def call(self, method, path, *, count=1, since=0):
        """Waits until the bot has made so many calls like this, and gives them."""
        async with asyncio.timeout(60):
            while True:
                found = self.made(method, path, since=since)
                if len(found) >= count:
                    return found
                self._called.clear()
                await self._called.wait()

    # ----------------------------------------------------------------------------------------- Discord's side

    async def _gateway(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 5000}, "s": None, "t": None})
        async for raw in socket:
            if raw.type is not WSMsgType.TEXT:
                break
            message = raw.json()
            if message["op"] == 1:
                await socket.send_json({"op": 11})
            elif message["op"] == 2:
                if message["d"]["token"] != TOKEN:
                    await socket.close(code=4004)
                    break
                self.identifies += 1
                self._socket = socket
                await self._welcome()
            elif message["op"] == 6 and not self.resumable:
                await socket.send_json({"op": 9, "d": False})
            elif message["op"] == 6:
                self.resumes += 1
                self._socket = socket
                for event in [e for e in self._events if e["s"] > message["d"]["seq"]]:
                    await socket.send_json(event)
                await self._dispatch("RESUMED", {}, keep=False)
                self._ready.set()
        return socket

    async def _welcome(self):
        self._events.clear()
        await self._dispatch(
            "READY",
            {
                "v": 10,
                "user": a_user(BOT, "On Record", bot=True),
                "guilds": [{"id": GUILD, "unavailable": True}],
                "session_id": "session",
                "shard": [0, 1],
                "resume_gateway_url": str(self.gateway_url()),
                "application": {"id": BOT, "flags": 0},
            },
        )
        channel = {"id": CHANNEL, "type": 0, "name": "desk", "position": 0, "permission_overwrites": []}
        members = [{**self._member(), "user": a_user(BOT, "On Record", bot=True)}]
        lists = {name: [] for name in ("threads", "voice_states", "presences")}
        guild = {**self._guild(), "members": members, "channels": [channel], "member_count": 2, **lists}
        await self._dispatch("GUILD_CREATE", guild)
        self._ready.set()

    async def _dispatch(self, name, data, *, keep=True):
        self._sequence += 1
        event = {"op": 0, "t": name, "s": self._sequence, "d": data}
        if keep:
            self._events.append(event)
        if self._socket is not None:
            await self._socket.send_json(event)

    async def _rest(self, request):
        path = "/" + request.match_info["path"]
        body = await request.json() if request.can_read_body and request.content_type == "application/json" else None
        if request.headers.get("Authorization") != f"Bot {TOKEN}" and not path.startswith(
            ("/interactions", "/webhooks")
        ):
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        self.calls.append(Call(request.method, path, body, time.monotonic()))
        self._called.set()
        for (method, part), answers in self.faults.items():
            if method == request.method and part in path and answers:
                status, headers, answer = answers.popleft()
                return _json(answer, status=status, headers=headers)
        return self._answer(request.method, path, body)

    def _answer(self, method, path, body):
        if path == "/users/@me":
            return _json(a_user(BOT, "On Record", bot=True))
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
            return _json({"url": str(self.gateway_url()), "shards": 1, "session_start_limit": limit})
        if path == "/oauth2/applications/@me":
            team = {"id": BOT, "name": "On Record", "description": "", "icon": None, "bot_public": True}
            return _json({**team, "bot_require_code_grant": False, "verify_key": "", "owner": a_user(ADA, "ada")})
        if path.endswith("/commands"):
            if method == "PUT":
                self.registered = [{**each, "id": str(n), "application_id": BOT} for n, each in enumerate(body, 8000)]
                self.registered = [{"version": "1", "type": 1, "description": "", **each} for each in self.registered]
            return _json(self.registered)
        if path == "/users/@me/guilds":
            return _json([self._guild()])
        if path == f"/guilds/{GUILD}":
            return _json(self._guild())
        if path == f"/guilds/{GUILD}/members/{BOT}":
            return _json({**self._member(), "user": a_user(BOT, "On Record", bot=True)})
        if path.endswith("/callback"):
            interaction = path.split("/")[2]
            message = {"interaction": {"id": interaction, "type": 2}, "resource": {"type": body["type"]}}
            return _json(message)
        if method == "DELETE" or path.endswith("/typing"):
            return web.Response(status=204)
        return _json(self._message(str(next(self._ids)), "", a_user(BOT, "On Record", bot=True)))

    def _guild(self):
        role = {"id": GUILD, "name": "@everyone", "permissions": self.permissions, "position": 0, "color": 0}
        return {
            "id": GUILD,
            "name": "Newsroom",
            "owner_id": ADA,
            "roles": [{**role, "hoist": False, "managed": False, "mentionable": False, "flags": 0}],
            **{name: [] for name in ("emojis", "stickers", "features")},
        }

    def _message(self, message_id, content, author, *, mention=False):
        return {
            "id": message_id,
            "channel_id": CHANNEL,
            "guild_id": GUILD,
            "author": author,
            "member": self._member(),
            "content": content,
            "timestamp": "2024-12-01T12:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [{**a_user(BOT, "On Record", bot=True), "member": self._member()}] if mention else [],
            "pinned": False,
            "type": 0,
            **{name: [] for name in ("mention_roles", "attachments", "embeds", "components")},
        }

    def _member(self):
        return {"roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
