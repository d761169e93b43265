"""The wire formats: what a request says, and how answers and errors are written in each."""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.providers.faults import Fault
from tests.support.providers.request import Body, Request
from tests.support.providers.streams import event, frame

INPUT_TOKENS = 1000
EXCUSE = "I'm sorry, but I can't help with transcribing this document."


class Wire(ABC):
    """One format. Errors are (status, body)."""

    name: str
    # The most pixels on a side and bytes of a picture that the real provider takes.
    side: int
    bytes: int
    stream_type = "text/event-stream"

    @abstractmethod
    def read(self, path: str, headers: Mapping[str, str], body: Body) -> Request: ...

    @abstractmethod
    def answer(self, request: Request, text: str) -> Body: ...

    @abstractmethod
    def refusal(self, request: Request) -> Body: ...

    @abstractmethod
    def error(self, fault: Fault, message: str) -> tuple[int, Body]: ...

    def events(self, request: Request, body: Body) -> Iterator[bytes]:
        """The same answer in the pieces of a stream."""
        raise NotImplementedError(f"{self.name} does not stream here")


class Anthropic(Wire):
    name, side, bytes = "anthropic", 8000, 5 * 2**20

    def read(self, path: str, headers: Mapping[str, str], body: Body) -> Request:
        content = [block for message in body["messages"] for block in _blocks(message["content"])]
        tools = [tool for tool in body.get("tools", []) if "input_schema" in tool]
        schema = tools[0]["input_schema"] if tools else body["output_config"]["format"]["schema"]
        return Request(
            self.name,
            body["model"],
            headers.get("x-api-key") or _bearer(headers),
            "\n".join(block["text"] for block in _blocks(body.get("system", ""))),
            _texts(content),
            tuple(
                (block["source"]["media_type"], base64.b64decode(block["source"]["data"], validate=True))
                for block in content
                if block["type"] == "image"
            ),
            schema,
            bool(body.get("stream")),
            tools[0]["name"] if tools else "",
            body,
        )

    def answer(self, request: Request, text: str) -> Body:
        if request.tool and _is_object(text):
            block = {"type": "tool_use", "id": "toolu_1", "name": request.tool, "input": json.loads(text)}
            return self._message(request, [block], "tool_use")
        return self._message(request, [{"type": "text", "text": text}], "end_turn")

    def refusal(self, request: Request) -> Body:
        return self._message(request, [], "refusal")

    def error(self, fault: Fault, message: str) -> tuple[int, Body]:
        status, kind = {
            Fault.LIMIT: (429, "rate_limit_error"),
            Fault.OVERLOADED: (529, "overloaded_error"),
            Fault.KEY: (401, "authentication_error"),
            Fault.MODEL: (404, "not_found_error"),
            Fault.CREDIT: (402, "billing_error"),
            Fault.REQUEST: (400, "invalid_request_error"),
        }.get(fault, (500, "api_error"))
        return status, {"type": "error", "error": {"type": kind, "message": message}}

    def events(self, request: Request, body: Body) -> Iterator[bytes]:
        usage = body["usage"]
        start = {**body, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
        yield event("message_start", message=start)
        for index, block in enumerate(body["content"]):
            yield from self._block(index, block)
        delta = {"stop_reason": body["stop_reason"], "stop_sequence": None}
        yield event("message_delta", delta=delta, usage={"output_tokens": usage["output_tokens"]})
        yield event("message_stop")

    def _block(self, index: int, block: Body) -> Iterator[bytes]:
        tool = block["type"] == "tool_use"
        text = json.dumps(block["input"], ensure_ascii=False) if tool else block["text"]
        yield event(
            "content_block_start", index=index, content_block={**block, **({"input": {}} if tool else {"text": ""})}
        )
        for start in range(0, len(text), 40):
            part = text[start : start + 40]
            delta = {"type": "input_json_delta", "partial_json": part} if tool else {"type": "text_delta", "text": part}
            yield event("content_block_delta", index=index, delta=delta)
        yield event("content_block_stop", index=index)

    def _message(self, request: Request, content: list[Body], reason: str) -> Body:
        usage = {"input_tokens": INPUT_TOKENS, "output_tokens": request.output_tokens}
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": request.model,
            "content": content,
            "stop_reason": "max_tokens" if request.cut else reason,
            "stop_sequence": None,
            "usage": usage,
        }


class _OpenAI(Wire):
    side, bytes = 2048, 20 * 2**20

    def error(self, fault: Fault, message: str) -> tuple[int, Body]:
        status, kind, code = {
            Fault.LIMIT: (429, "requests", "rate_limit_exceeded"),
            Fault.OVERLOADED: (503, "server_error", "server_is_overloaded"),
            Fault.KEY: (401, "invalid_request_error", "invalid_api_key"),
            Fault.MODEL: (404, "invalid_request_error", "model_not_found"),
            Fault.CREDIT: (429, "insufficient_quota", "insufficient_quota"),
            Fault.REQUEST: (400, "invalid_request_error", "invalid_image"),
        }.get(fault, (500, "server_error", "server_error"))
        return status, {"error": {"message": message, "type": kind, "code": code, "param": None}}


class Chat(_OpenAI):
    name = "chat"

    def read(self, path: str, headers: Mapping[str, str], body: Body) -> Request:
        users = [message for message in body["messages"] if message["role"] == "user"]
        content = [block for message in users for block in _blocks(message["content"])]
        kept = body["response_format"]["json_schema"]
        assert kept["strict"] is True
        return Request(
            self.name,
            body["model"],
            _bearer(headers),
            "\n".join(message["content"] for message in body["messages"] if message["role"] in ("system", "developer")),
            _texts(content),
            tuple(_data_url(block["image_url"]["url"]) for block in content if block["type"] == "image_url"),
            kept["schema"],
            bool(body.get("stream")),
            body=body,
        )

    def answer(self, request: Request, text: str) -> Body:
        return self._completion(request, {"content": text, "refusal": None})

    def refusal(self, request: Request) -> Body:
        return self._completion(request, {"content": None, "refusal": EXCUSE})

    def _completion(self, request: Request, message: Body) -> Body:
        reason = "length" if request.cut else "stop"
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_790_000_000,
            "model": request.model,
            "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}],
            "usage": {
                "prompt_tokens": INPUT_TOKENS,
                "completion_tokens": request.output_tokens,
                "total_tokens": INPUT_TOKENS + request.output_tokens,
            },
        }


class Responses(_OpenAI):
    name = "responses"

    def read(self, path: str, headers: Mapping[str, str], body: Body) -> Request:
        users = [item for item in body["input"] if item.get("role") == "user"]
        content = [block for item in users for block in _blocks(item["content"])]
        kept = body["text"]["format"]
        assert kept["type"] == "json_schema"
        assert kept["strict"] is True
        return Request(
            self.name,
            body["model"],
            _bearer(headers),
            body.get("instructions") or "",
            _texts(content),
            tuple(_data_url(block["image_url"]) for block in content if block["type"] == "input_image"),
            kept["schema"],
            bool(body.get("stream")),
            body=body,
        )

    def answer(self, request: Request, text: str) -> Body:
        return self._response(request, {"type": "output_text", "text": text, "annotations": []})

    def refusal(self, request: Request) -> Body:
        return self._response(request, {"type": "refusal", "refusal": EXCUSE})

    def _response(self, request: Request, content: Body) -> Body:
        return {
            "id": "resp_1",
            "object": "response",
            "created_at": 1_790_000_000,
            "status": "incomplete" if request.cut else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if request.cut else None,
            "model": request.model,
            "output": [
                {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [content]}
            ],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": INPUT_TOKENS,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": request.output_tokens,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": INPUT_TOKENS + request.output_tokens,
            },
        }


class Google(Wire):
    name, side, bytes = "google", 3072, 20 * 2**20

    def read(self, path: str, headers: Mapping[str, str], body: Body) -> Request:
        parts = [part for content in body["contents"] for part in content["parts"]]
        settings = body["generationConfig"]
        return Request(
            self.name,
            path.split("/models/")[1].split(":")[0],
            headers.get("x-goog-api-key", ""),
            "\n".join(part["text"] for part in body["systemInstruction"]["parts"]),
            "\n".join(part["text"] for part in parts if "text" in part),
            tuple(
                (data.get("mimeType") or data["mime_type"], base64.urlsafe_b64decode(data["data"]))
                for data in (part["inlineData"] for part in parts if "inlineData" in part)
            ),
            settings.get("responseJsonSchema") or settings["responseSchema"],
            body=body,
        )

    def answer(self, request: Request, text: str) -> Body:
        content = {"role": "model", "parts": [{"text": text}]}
        reason = "MAX_TOKENS" if request.cut else "STOP"
        return self._response(request, candidates=[{"content": content, "finishReason": reason, "index": 0}])

    def refusal(self, request: Request) -> Body:
        return self._response(request, promptFeedback={"blockReason": "SAFETY"})

    def error(self, fault: Fault, message: str) -> tuple[int, Body]:
        status, kind = {
            Fault.LIMIT: (429, "RESOURCE_EXHAUSTED"),
            Fault.OVERLOADED: (503, "UNAVAILABLE"),
            Fault.KEY: (401, "UNAUTHENTICATED"),
            Fault.MODEL: (404, "NOT_FOUND"),
            Fault.CREDIT: (402, "FAILED_PRECONDITION"),
            Fault.REQUEST: (400, "INVALID_ARGUMENT"),
        }.get(fault, (500, "INTERNAL"))
        return status, {"error": {"code": status, "message": message, "status": kind}}

    def _response(self, request: Request, **parts: Any) -> Body:
        usage = {
            "promptTokenCount": INPUT_TOKENS,
            "candidatesTokenCount": request.output_tokens,
            "totalTokenCount": INPUT_TOKENS + request.output_tokens,
        }
        return {"usageMetadata": usage, "modelVersion": request.model, "responseId": "r1", **parts}


class Bedrock(Wire):
    """Amazon's Converse; its stream is in frames of their own binary format."""

    name, side, bytes = "bedrock", 8000, int(3.75 * 2**20)
    stream_type = "application/vnd.amazon.eventstream"

    def read(self, path: str, headers: Mapping[str, str], body: Body) -> Request:
        content = [block for message in body["messages"] for block in message["content"]]
        tools = body.get("toolConfig", {}).get("tools", [])
        kept = (body.get("outputConfig") or {}).get("textFormat", {}).get("structure", {}).get("jsonSchema", {})
        schema = tools[0]["toolSpec"]["inputSchema"]["json"] if tools else json.loads(kept["schema"])
        return Request(
            self.name,
            path.split("/model/")[1].split("/")[0],
            _bearer(headers),
            "\n".join(block["text"] for block in body["system"] if "text" in block),
            "\n".join(block["text"] for block in content if "text" in block),
            tuple(
                (f"image/{block['image']['format']}", base64.b64decode(block["image"]["source"]["bytes"]))
                for block in content
                if "image" in block
            ),
            schema,
            path.endswith("-stream"),
            tools[0]["toolSpec"]["name"] if tools else "",
            body,
        )

    def answer(self, request: Request, text: str) -> Body:
        if request.tool and _is_object(text):
            block = {"toolUse": {"toolUseId": "t1", "name": request.tool, "input": json.loads(text)}}
            return self._message(request, [block], "tool_use")
        return self._message(request, [{"text": text}], "end_turn")

    def refusal(self, request: Request) -> Body:
        return self._message(request, [{"text": "Blocked."}], "guardrail_intervened")

    def error(self, fault: Fault, message: str) -> tuple[int, Body]:
        status, kind = {
            Fault.LIMIT: (429, "ThrottlingException"),
            Fault.OVERLOADED: (503, "ServiceUnavailableException"),
            Fault.KEY: (403, "UnrecognizedClientException"),
            Fault.MODEL: (404, "ResourceNotFoundException"),
            Fault.CREDIT: (400, "ServiceQuotaExceededException"),
            Fault.REQUEST: (400, "ValidationException"),
        }.get(fault, (500, "InternalServerException"))
        return status, {"__type": kind, "message": message}

    def events(self, request: Request, body: Body) -> Iterator[bytes]:
        yield frame("messageStart", {"role": "assistant"})
        for index, block in enumerate(body["output"]["message"]["content"]):
            if tool := block.get("toolUse"):
                start = {"toolUse": {"toolUseId": tool["toolUseId"], "name": tool["name"]}}
                yield frame("contentBlockStart", {"contentBlockIndex": index, "start": start})
                delta: Body = {"toolUse": {"input": json.dumps(tool["input"], ensure_ascii=False)}}
            else:
                delta = {"text": block["text"]}
            yield frame("contentBlockDelta", {"contentBlockIndex": index, "delta": delta})
            yield frame("contentBlockStop", {"contentBlockIndex": index})
        yield frame("messageStop", {"stopReason": body["stopReason"]})
        yield frame("metadata", {"usage": body["usage"], "metrics": body["metrics"]})

    def _message(self, request: Request, content: list[Body], reason: str) -> Body:
        return {
            "output": {"message": {"role": "assistant", "content": content}},
            "stopReason": "max_tokens" if request.cut else reason,
            "usage": {
                "inputTokens": INPUT_TOKENS,
                "outputTokens": request.output_tokens,
                "totalTokens": INPUT_TOKENS + request.output_tokens,
            },
            "metrics": {"latencyMs": 1},
        }


def wire_of(path: str) -> Wire | None:
    """The format that is spoken at a path."""
    if path.endswith(":generateContent"):
        return Google()
    if path.endswith(("/converse", "/converse-stream")):
        return Bedrock()
    known = {"/messages": Anthropic, "/chat/completions": Chat, "/responses": Responses}
    return next((wire() for end, wire in known.items() if path.endswith(end)), None)


def _blocks(content: Any) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _texts(content: list[Any]) -> str:
    return "\n".join(block["text"] for block in content if block["type"] in ("text", "input_text"))


def _data_url(url: str) -> tuple[str, bytes]:
    head, data = url.removeprefix("data:").split(";base64,")
    return head, base64.b64decode(data, validate=True)


def _bearer(headers: Mapping[str, str]) -> str:
    return headers.get("authorization", "").removeprefix("Bearer ")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
