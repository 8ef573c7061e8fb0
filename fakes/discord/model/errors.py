"""What may go wrong: answers of the API to the bot, and refusals of the client to a person.

```
ApiError            the bot is told: status, code, words
ClientRefusal       a person is told by the client; the bot never hears of it
NoReply            the bot showed nothing in time
└── InteractionFailed   not even a first response came within Discord's three seconds
```
"""

from enum import Enum
from http import HTTPStatus

from fakes.discord.model.json_types import Json


class ErrorCode(Enum):
    """Discord's error codes that this server uses: status, code and words."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    UNKNOWN_COMMAND_PERMISSIONS = (404, 10066, "Unknown application command permissions")
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_CROSSPOSTED = (400, 40033, "This message has already been crossposted")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged")
    TAG_REQUIRED = (400, 40067, "A tag is required to create a forum post in this channel")
    TOO_MANY_FOLLOW_UPS = (
        400,
        40094,
        "This interaction has reached the maximum number of follow-up messages",
    )
    INVALID_USER_AGENT = (403, 40333, "internal network error")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    CANNOT_EDIT_OTHERS_MESSAGE = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_MESSAGE_USER = (403, 50007, "Cannot send messages to this user")
    NOT_A_TEXT_CHANNEL = (400, 50008, "Cannot send messages in a non-text channel")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    WRONG_CHANNEL_TYPE = (400, 50024, "Cannot execute action on this channel type")
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_FORM_BODY = (400, 50035, "Invalid Form Body")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    COMPONENTS_TOO_LARGE = (500, 0, "500: Internal Server Error")
    LOCKED_THREAD = (400, 160005, "This thread is locked")


class ApiError(Exception):
    """A request of the bot that Discord would refuse."""

    def __init__(self, code: ErrorCode, errors: Json | None = None) -> None:
        status, self.json_code, self.message = code.value
        self.code = code
        self.status = HTTPStatus(status)
        self.errors = errors
        super().__init__(f"{status} {self.json_code}: {self.message}")

    def body(self) -> Json:
        """Return what Discord answers."""
        body: Json = {"message": self.message, "code": self.json_code}
        if self.errors:
            body["errors"] = self.errors
        return body


class ClientRefusal(Exception):  # noqa: N818 - named as the person experiences it
    """What the Discord client says instead of sending anything to the bot."""


class NoReply(Exception):  # noqa: N818 - named as the person experiences it
    """The bot showed nothing within the time this person was willing to wait."""


class InteractionFailed(NoReply):
    """The bot gave no first response in time, so the client says that it failed."""
