"""The OpenAPI document of an API, written from its shapes and operations.

It says the same as the prescribed document of the standard, in the same terms (OpenAPI 3.0), so that the two can be
compared structurally (``differences``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stadhuis.kit.api.resource import Many, Resource
from stadhuis.kit.api.shapes import BooleanField, Field, IntegerField, ListField, Schema, Shape, VariantField

if TYPE_CHECKING:
    from stadhuis.kit.api.endpoint import Api, Operation

CRS = "EPSG:4326"
ERRORS = {400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 406: "Not acceptable", 409: "Conflict",
          410: "Gone", 412: "Precondition failed", 415: "Unsupported media type", 429: "Too many requests", 500: "Internal server error"}  # fmt: skip


@dataclass(frozen=True)
class Paginated:
    """A page of a resource."""

    resource: Resource


@dataclass(frozen=True)
class Listed:
    """All there are of a resource, without pages."""

    resource: Resource


@dataclass(frozen=True)
class Plain:
    """A body of a shape that is no resource, or a plain list of it."""

    shape: type[Shape]
    is_list: bool = False


@dataclass(frozen=True)
class Bytes:
    """The bytes of a file."""


Gives = Resource | Paginated | Listed | Plain | Bytes | None


def media_of(gives: Gives) -> str:
    """Return the media type of an answer; a file is given to whoever asks any type."""
    return "*/*" if isinstance(gives, Bytes) else "application/json"


def _text(**more: Any) -> Schema:
    return {"type": "string", **more}


_FOUT: Schema = {
    "type": "object",
    "properties": {
        "type": _text(), "code": _text(), "title": _text(), "status": {"type": "integer"}, "detail": _text(), "instance": _text(),
    },
    "required": ["code", "detail", "instance", "status", "title"],
}  # fmt: skip
_FAULT: Schema = {
    "type": "object", "properties": {"name": _text(), "code": _text(), "reason": _text()}, "required": ["code", "name", "reason"],
}  # fmt: skip


def document(api: Api, public_url: str) -> Schema:
    """Return the OpenAPI document of an API."""
    schemas: dict[str, Schema] = {
        "Fout": _FOUT,
        "FieldValidationError": _FAULT,
        "ValidatieFout": {
            **_FOUT,
            "properties": {
                **_FOUT["properties"],
                "invalidParams": {"type": "array", "items": {"$ref": "#/components/schemas/FieldValidationError"}},
            },
            "required": sorted([*_FOUT["required"], "invalidParams"]),
        },
        "EmptyObject": {"type": "object"},
    }
    paths: dict[str, dict[str, Any]] = {}
    for path, operations in sorted(api.operations.items()):
        paths[path] = {}
        for method, operation in operations.items():
            paths[path][method.lower()] = _operation(api, operation, schemas)
            if _is_cacheable(operation):
                paths[path]["head"] = _head(operation)
    return {
        "openapi": "3.0.3",
        "info": {"title": api.title, "version": api.version, "license": {"name": "EUPL-1.2"}},
        "servers": [{"url": f"{public_url}/{api.root}"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {str(status): _error(status) for status in ERRORS},
            "securitySchemes": {"JWT-Claims": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _error(status: int) -> Schema:
    schema = "ValidatieFout" if status == 400 else "Fout"
    return {
        "description": ERRORS[status],
        "headers": {"API-version": {"schema": _text()}},
        "content": {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _operation(api: Api, operation: Operation, schemas: dict[str, Schema]) -> Schema:
    success = operation.success or {"POST": 201, "DELETE": 204}.get(operation.method, 200)
    if operation.path.endswith("_zoek"):
        success = 200
    one_of_two = len(operation.scopes) > 1
    made: Schema = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "security": [{"JWT-Claims": [f"({' | '.join(operation.scopes)})" if one_of_two else operation.scopes[0]]}],
        "parameters": _parameters(operation),
        "responses": {str(success): _success(operation, success, schemas)},
    }
    statuses = operation.statuses or _statuses(operation)
    made["responses"].update({str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses})
    if operation.takes is not None and operation.takes.media:
        made["requestBody"] = {
            "content": {media: {"schema": _named(operation.takes, schemas)} for media in operation.takes.media},
            "required": True,
        }
    elif operation.takes is not None:
        made["requestBody"] = {
            "content": {
                "application/json": {"schema": _named(operation.takes, schemas, is_partial=operation.is_partial)}
            },
            "required": True,
        }
    return made


def _statuses(operation: Operation) -> list[int]:
    usual = [401, 403, 406, 409, 410, 415, 429, 500]
    if operation.takes is not None or (operation.query is not None and len(operation.query.fields) > 1):
        usual.append(400)
    if "{" in operation.path:
        usual.append(404)
    if operation.with_crs:
        usual.append(412)
    return sorted(usual)


def _is_cacheable(operation: Operation) -> bool:
    return operation.method == "GET" and isinstance(operation.gives, Resource) and operation.cacheable


def _head(operation: Operation) -> Schema:
    return {
        "operationId": operation.name.replace("_retrieve", "_headers"),
        "tags": [operation.tag],
        "parameters": [parameter for parameter in _parameters(operation) if parameter["name"] != "expand"],
        "responses": {"200": {"description": "OK", "headers": _headers(operation, 200)}},
    }


def _header_parameter(name: str, *, required: bool = False, enum: list[str] | None = None) -> Schema:
    schema = _text(enum=enum) if enum else _text()
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _parameters(operation: Operation) -> list[Schema]:
    found: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": _text(format="uuid")} for name in operation.parameters
    ]
    if operation.takes is not None:
        media = list(operation.takes.media) or ["application/json"]
        found.append(_header_parameter("Content-Type", required=True, enum=media))
    if operation.audit_headers:
        found += [_header_parameter("X-NLX-Logrecord-ID"), _header_parameter("X-Audit-Toelichting")]
    if _is_cacheable(operation):
        found.append(_header_parameter("If-None-Match"))
    if operation.with_crs:
        # The standard's document asks both everywhere; we ask what makes sense (BEHAVIOUR 8.6) and describe what it says.
        found += [_header_parameter(name, required=True, enum=[CRS]) for name in ("Accept-Crs", "Content-Crs")]
    found += [_query_parameter(parameter) for parameter in (operation.query.keys.values() if operation.query else ())]
    return found


def _query_parameter(field: Field) -> Schema:
    schema = {key: value for key, value in field.describe().items() if key not in ("nullable", "description")}
    made: Schema = {"name": field.key, "in": "query", "required": field.is_required, "schema": schema}
    if isinstance(field, ListField):
        made.update(explode=False, style="form")
    elif not isinstance(field, BooleanField | IntegerField):
        schema["type"] = "string"
    return made


def _headers(operation: Operation, status: int) -> Schema:
    headers: Schema = {"API-version": {"schema": _text()}}
    if operation.with_crs and status != 204:
        headers["Content-Crs"] = {"schema": _text(enum=[CRS])}
    if status == 201:
        headers["Location"] = {"schema": _text(format="uri")}
    if _is_cacheable(operation):
        headers["ETag"] = {"schema": _text()}
    headers.update({name: {"schema": _text()} for name in operation.more_headers})
    return headers


def _success(operation: Operation, status: int, schemas: dict[str, Schema]) -> Schema:
    made: Schema = {
        "description": {200: "OK", 201: "Created", 204: "No content"}[status],
        "headers": _headers(operation, status),
    }
    gives = operation.gives
    if status == 204 or gives is None:
        return made
    if isinstance(gives, Bytes):
        made["content"] = {"application/octet-stream": {"schema": _text(format="binary")}}
        return made
    if isinstance(gives, Listed):
        schema: Schema = {"type": "array", "items": _expanded(gives.resource, schemas)}
    elif isinstance(gives, Paginated):
        schema = {
            "type": "object",
            "properties": {
                "count": {"type": "integer"},
                "next": {"type": "string", "format": "uri", "nullable": True},
                "previous": {"type": "string", "format": "uri", "nullable": True},
                "results": {"type": "array", "items": _expanded(gives.resource, schemas)},
            },
        }
    elif isinstance(gives, Listed):
        schema = {"type": "array", "items": _expanded(gives.resource, schemas)}
    elif isinstance(gives, Plain):
        item = _named(gives.shape, schemas)
        schema = {"type": "array", "items": item} if gives.is_list else item
    elif operation.method == "GET":
        schema = _expanded(gives, schemas)
    else:
        schema = _named(_shape_of(gives), schemas)
    made["content"] = {"application/json": {"schema": schema}}
    return made


def _shape_of(resource: Resource) -> type[Shape]:
    if resource.shape is None:
        raise ValueError(f"{resource.name} has no shape to describe")
    return resource.shape


def _named(shape: type[Shape], schemas: dict[str, Schema], *, is_partial: bool = False) -> Schema:
    name = ("Patched" if is_partial else "") + shape.__name__.removesuffix("Body")
    if name not in schemas:
        described = shape.describe_body()
        if is_partial:
            described.pop("required", None)
        schemas[name] = described
        for field in shape.variants:
            described["discriminator"] = _discriminator(shape, field, name, schemas)
    return {"$ref": f"#/components/schemas/{name}"}


def _discriminator(shape: type[Shape], field: VariantField, name: str, schemas: dict[str, Schema]) -> Schema:
    """Describe the schema of each variant; return what tells them apart."""
    mapping = {}
    for value, variant in field.shapes.items():
        parts: list[Schema] = [{"$ref": f"#/components/schemas/{name}"}]
        if variant is not None:
            parts.append({"type": "object", "properties": {field.key: _named(variant, schemas)}})
        schemas[f"{value}_{name}"] = {"allOf": parts}
        mapping[value] = f"#/components/schemas/{value}_{name}"
    return {"propertyName": shape.fields[field.by].key, "mapping": mapping}


def _expanded(resource: Resource, schemas: dict[str, Schema]) -> Schema:
    plain = _named(_shape_of(resource), schemas)
    if not resource.relations:
        return plain
    base = plain["$ref"].rsplit("/", 1)[1]
    if f"{base}Expanded" not in schemas:
        related: Schema = {}
        for name, relation in resource.relations.items():
            one: Schema = {"type": "object", "additionalProperties": True}
            related[name] = {"type": "array", "items": one} if isinstance(relation, Many) else one
        schemas[f"{base}Embedded"] = {"type": "object", "properties": related}
        schemas[f"{base}Expanded"] = {
            "allOf": [plain, {"properties": {"_expand": {"$ref": f"#/components/schemas/{base}Embedded"}}}]
        }
        shape = _shape_of(resource)
        for field in shape.variants:
            schemas[f"{base}Expanded"]["discriminator"] = _discriminator(shape, field, f"{base}Expanded", schemas)
    return {"$ref": f"#/components/schemas/{base}Expanded"}


# -- As YAML -----------------------------------------------------------------------------------------------------------
def as_yaml(value: Any) -> str:
    """Return the document as YAML; every text is quoted as in JSON, which is YAML too."""
    import json

    lines: list[str] = []

    def write(item: Any, indent: str) -> None:
        if isinstance(item, dict) and item:
            for key, below in item.items():
                entry(f"{indent}{json.dumps(key)}:", below, indent)
        elif isinstance(item, list) and item:
            for below in item:
                entry(f"{indent}-", below, indent)

    def entry(start: str, below: Any, indent: str) -> None:
        if isinstance(below, dict | list) and below:
            lines.append(start)
            write(below, indent + "  ")
        else:
            lines.append(f"{start} {json.dumps(below, ensure_ascii=False)}")

    write(value, "")
    return "\n".join(lines) + "\n"


# -- Comparing ---------------------------------------------------------------------------------------------------------
_COMPARED = (
    "type",
    "format",
    "maxLength",
    "minLength",
    "nullable",
    "readOnly",
    "writeOnly",
    "minimum",
    "maximum",
    "uniqueItems",
)


def differences(ours: Schema, theirs: Schema, *, paths: list[str]) -> list[str]:
    """Return, one line each, how two documents differ on these paths: methods, parameters, statuses, headers and schemas."""
    found: list[str] = []
    for path in paths:
        mine, other = (_operations_of(side["paths"].get(path, {})) for side in (ours, theirs))
        _sets(f"{path} methods", set(mine), set(other), found)
        for method in sorted(set(mine) & set(other)):
            _compare_operation(f"{method.upper()} {path}", mine[method], other[method], ours, theirs, found)
    return found


def _operations_of(path: Schema) -> Schema:
    """Return the operations of a path, each with the parameters that the path has for all of them."""
    shared = path.get("parameters", [])
    return {
        method: {**operation, "parameters": [*shared, *operation.get("parameters", [])]}
        for method, operation in path.items()
        if method != "parameters"
    }


def _sets(where: str, mine: set[str], other: set[str], found: list[str]) -> None:
    found += [f"{where}: lacks {name}" for name in sorted(other - mine)]
    found += [f"{where}: has {name} more" for name in sorted(mine - other)]


def _compare_operation(where: str, mine: Schema, other: Schema, ours: Schema, theirs: Schema, found: list[str]) -> None:
    one = {(p["in"], p["name"]): p for p in (_resolve(p, ours) for p in mine.get("parameters", []))}
    two = {(p["in"], p["name"]): p for p in (_resolve(p, theirs) for p in other.get("parameters", []))}
    _sets(f"{where} parameters", {f"{a} {b}" for a, b in one}, {f"{a} {b}" for a, b in two}, found)
    for key in sorted(set(one) & set(two)):
        for what in ("required", "explode"):
            if bool(one[key].get(what, what == "explode")) != bool(two[key].get(what, what == "explode")):
                found.append(f"{where} {key[1]}: {what} differs")
        _compare_schema(f"{where} {key[1]}", one[key]["schema"], two[key]["schema"], ours, theirs, found)
    if mine.get("security") != other.get("security"):
        found.append(f"{where}: security {mine.get('security')} for {other.get('security')}")
    bodies = [
        _resolve(side.get("requestBody") or {}, document).get("content", {}).get("application/json", {}).get("schema")
        for side, document in ((mine, ours), (other, theirs))
    ]
    if (bodies[0] is None) != (bodies[1] is None):
        found.append(f"{where}: request body differs")
    elif bodies[0] is not None and bodies[1] is not None:
        _compare_schema(f"{where} body", bodies[0], bodies[1], ours, theirs, found)
    _sets(f"{where} statuses", set(mine["responses"]), set(other["responses"]), found)
    for status in sorted(set(mine["responses"]) & set(other["responses"])):
        a, b = _resolve(mine["responses"][status], ours), _resolve(other["responses"][status], theirs)
        _sets(f"{where} {status} headers", set(a.get("headers", {})), set(b.get("headers", {})), found)
        _sets(f"{where} {status} media", set(a.get("content", {})), set(b.get("content", {})), found)
        for media in sorted(set(a.get("content", {})) & set(b.get("content", {}))):
            _compare_schema(
                f"{where} {status}", a["content"][media]["schema"], b["content"][media]["schema"], ours, theirs, found
            )


def _resolve(part: Schema, document: Schema) -> Schema:
    while "$ref" in part:
        if not part["$ref"].startswith("#/"):
            return {}
        target: Any = document
        for step in part["$ref"][2:].split("/"):
            target = target[step]
        part = target
    return part


def _flat(schema: Schema, document: Schema) -> Schema:
    """Return a schema without references, with ``allOf`` merged and a ``oneOf`` of lists of words joined."""
    own = {key: value for key, value in schema.items() if key not in ("allOf", "oneOf", "$ref")}
    resolved = _resolve(schema, document) if "$ref" in schema else {}
    merged: Schema = _flat(resolved, document) if resolved else {}
    for part in schema.get("allOf", ()):
        below = _flat(part, document)
        merged["properties"] = {**merged.get("properties", {}), **below.get("properties", {})}
        merged["required"] = [*merged.get("required", []), *below.get("required", [])]
        merged.update({key: value for key, value in below.items() if key not in ("properties", "required")})
    words = [_flat(part, document) for part in schema.get("oneOf", ())]
    if words and all("enum" in part for part in words):
        merged["enum"] = [word for part in words for word in part["enum"] if word is not None]
        merged["type"] = "string"
    elif (
        words and "properties" in words[0] and "type" in words[0].get("properties", {}) and not merged.get("properties")
    ):
        merged["type"] = "object"
    merged.update(own)
    return {key: value for key, value in merged.items() if value not in ({}, [])}


def _compare_schema(where: str, mine: Schema, other: Schema, ours: Schema, theirs: Schema, found: list[str]) -> None:
    a, b = _flat(mine, ours), _flat(other, theirs)
    for key in _COMPARED:
        if (a.get(key) or None) != (b.get(key) or None):
            found.append(f"{where}: {key} is {a.get(key)!r} for {b.get(key)!r}")
    if set(map(str, a.get("enum", []))) != set(map(str, b.get("enum", []))):
        found.append(f"{where}: enum is {a.get('enum')} for {b.get('enum')}")
    _sets(f"{where} required", set(a.get("required", [])), set(b.get("required", [])), found)
    one, two = a.get("properties", {}), b.get("properties", {})
    _sets(f"{where} keys", set(one), set(two), found)
    for key in sorted(set(one) & set(two)):
        if key == "_expand":  # what is inside depends on the paths that are asked; only the keys are compared
            _sets(
                f"{where}._expand keys",
                set(_flat(one[key], ours)["properties"]),
                set(_flat(two[key], theirs)["properties"]),
                found,
            )
            continue
        _compare_schema(f"{where}.{key}", one[key], two[key], ours, theirs, found)
    if "discriminator" in b and "properties" in b:
        _compare_variants(where, a, b, ours, theirs, found)
    if "items" in a and "items" in b:
        _compare_schema(f"{where}[]", a["items"], b["items"], ours, theirs, found)


def _compare_variants(where: str, mine: Schema, other: Schema, ours: Schema, theirs: Schema, found: list[str]) -> None:
    """Compare what each value of the discriminator adds."""
    a, b = mine.get("discriminator", {}), other["discriminator"]
    if a.get("propertyName") != b["propertyName"]:
        found.append(f"{where}: discriminator is {a.get('propertyName')} for {b['propertyName']}")
    _sets(f"{where} variants", set(a.get("mapping", {})), set(b.get("mapping", {})), found)
    for value in sorted(set(a.get("mapping", {})) & set(b.get("mapping", {}))):
        one, two = (
            _flat({"$ref": side["mapping"][value]}, document)["properties"]
            for side, document in ((a, ours), (b, theirs))
        )
        one = {key: schema for key, schema in one.items() if key not in mine["properties"]}
        two = {key: schema for key, schema in two.items() if key not in other["properties"]}
        _sets(f"{where} {value} keys", set(one), set(two), found)
        for key in sorted(set(one) & set(two)):
            _compare_schema(f"{where} {value}.{key}", one[key], two[key], ours, theirs, found)
