"""The API's OpenAPI description as rows for a page without script."""

from __future__ import annotations

from typing import Any


def describe(api: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Operations (address, description, parameters as name, values, meaning); answers (name, description, fields)."""
    operations = [
        {
            "address": f"{method.upper()} {path}",
            "description": _plain(operation),
            "parameters": [_parameter(parameter) for parameter in operation.get("parameters", [])],
        }
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = api["components"]["schemas"].items()
    answers = [(name, _plain(schema), list(schema["properties"])) for name, schema in schemas if name.endswith("Json")]
    return operations, answers


def _parameter(parameter: dict[str, Any]) -> tuple[str, str, str]:
    schema = parameter["schema"]
    kind = next(iter(schema.get("anyOf", [])), schema)
    values = ", ".join(kind["enum"]) if "enum" in kind else str(kind.get("type", ""))
    if "maximum" in kind:
        values += f" from {kind['minimum']} to {kind['maximum']}"
    if schema.get("default") is not None:
        values += f"; {schema['default']} if not given"
    if parameter.get("required"):
        values += ", required"
    return parameter["name"], values, _plain(parameter)


def _plain(described: dict[str, Any]) -> str:
    return str(described.get("description", "")).replace("`", "")
