"""What the OpenAPI description says where the framework cannot know it: replies that are made by hand, forms, the key."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .access import OPEN

__all__ = [
    "CHECK_BODY",
    "CHECK_REPLY",
    "DOCX_BODY",
    "DOCX_REPLY",
    "DOCX_TYPE",
    "FILE_BODY",
    "LANGUAGES_REPLY",
    "REPORT_REPLY",
    "describe",
]

_STRING: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}

REPORT_REPLY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Report"}},
            "text/html": {"schema": _STRING},
        },
    }
}


def _file_body(description: str, **others: str) -> dict[str, Any]:
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {
                            name: {**_STRING, "format": "binary", "description": text}
                            for name, text in {"file": description, **others}.items()
                        },
                    }
                }
            },
        }
    }


FILE_BODY = _file_body("The document.")
DOCX_BODY = _file_body(
    "A Word document (DOCX).",
    decisions="Decisions on findings, as in DRAFT.tone.json; what is settled gets no comment.",
)
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX_REPLY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document with comments.",
        "content": {DOCX_TYPE: {"schema": {**_STRING, "format": "binary"}}},
    }
}


def _object(required: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": required | others}


_LANGUAGE = _object({"name": _STRING, "code": _STRING})
_MATCH = _object(
    {
        "message": _STRING,
        "shortMessage": _STRING,
        "replacements": {"type": "array", "maxItems": 0},
        "offset": {**_COUNT, "description": "In UTF-16 units of what was sent, markup included."},
        "length": {**_COUNT, "description": "In UTF-16 units."},
        "context": _object({"text": _STRING, "offset": _COUNT, "length": _COUNT}),
        "sentence": _STRING,
        "rule": _object(
            {
                "id": {"enum": ["SCR_BLAME", "SCR_LEARNING", "SCR_ACCOUNTABILITY"]},
                "description": _STRING,
                "issueType": {"const": "style"},
                "category": _object({"id": {"const": "STYLE"}, "name": _STRING}),
                "urls": {"type": "array", "items": _object({"value": _STRING})},
            }
        ),
    }
)
CHECK_REPLY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What to underline.",
        "content": {
            "application/json": {
                "schema": _object(
                    {
                        "software": _object({"name": _STRING, "version": _STRING, "apiVersion": {"type": "integer"}}),
                        "language": _object(
                            {"name": _STRING, "code": _STRING, "detectedLanguage": _LANGUAGE},
                        ),
                        "matches": {"type": "array", "items": _MATCH},
                    }
                )
            }
        },
    }
}
LANGUAGES_REPLY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Names and codes.",
        "content": {"application/json": {"example": [{"name": "English (GB)", "code": "en", "longCode": "en-GB"}]}},
    }
}
_RULES = "Rule ids, separated by commas: SCR_BLAME, SCR_LEARNING, SCR_ACCOUNTABILITY."
CHECK_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "anyOf": [{"required": ["text"]}, {"required": ["data"]}],
                    "properties": {
                        "text": {**_STRING, "description": "The text; this or data."},
                        "data": {
                            **_STRING,
                            "description": 'JSON, {"annotation": [{"text": ...}, {"markup": ..., "interpretAs": ...}]}.',
                        },
                        "language": {**_STRING, "description": "auto, en-GB, ...", "default": "auto"},
                        "enabledRules": {**_STRING, "description": f"{_RULES} The last two are off unless named here."},
                        "disabledRules": {**_STRING, "description": _RULES},
                        "enabledCategories": {**_STRING, "description": "STYLE is the only one."},
                        "disabledCategories": {**_STRING, "description": "STYLE is the only one."},
                        "enabledOnly": {**_STRING, "description": "true: only what is enabled."},
                        "level": {**_STRING, "description": "picky: also doubtful cases of blame."},
                        "apiKey": {**_STRING, "description": "The key, if the service asks for one."},
                    },
                },
                "example": {"text": "The nurse failed to call back.", "language": "en-GB"},
            }
        },
    }
}

_OR_NONE: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER_OR_NONE: dict[str, Any] = {"type": ["integer", "null"]}
#: Only there when asked for, so it is no part of the published schema.
_LAYOUT = _object(
    {
        "text": {**_STRING, "description": "The whole text, into which all offsets point."},
        "blocks": {
            "type": "array",
            "items": _object(
                {
                    "start": _COUNT,
                    "end": _COUNT,
                    "kind": _STRING,
                    "page": _NUMBER_OR_NONE,
                    "section": _OR_NONE,
                    "number": _OR_NONE,
                    "level": _NUMBER_OR_NONE,
                }
            ),
        },
    }
)


def describe(app: FastAPI, *, with_key: bool) -> dict[str, Any]:
    """The description of an application, made once.

    Parameters
    ----------
    app : FastAPI
    with_key : bool
        Whether the service asks for a key.
    """
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(_report_schemas())
        if with_key:
            found["components"]["securitySchemes"] = {
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            }
            found["security"] = [{"header": []}, {"bearer": []}]
            for path in OPEN & found["paths"].keys():
                for operation in found["paths"][path].values():
                    operation["security"] = []
        app.openapi_schema = found
    return app.openapi_schema


def _report_schemas() -> dict[str, Any]:
    """The published schema of a report, its parts named as components so that every tool can follow the references."""
    text = files("scr_tone").joinpath("resources/report.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text.replace('"#/$defs/', '"#/components/schemas/Report.'))
    parts = schema.pop("$defs")
    del schema["$schema"], schema["$id"]
    schema["properties"]["layout"] = _LAYOUT
    return {"Report": schema} | {f"Report.{name}": part for name, part in parts.items()}
