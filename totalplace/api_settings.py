"""Settings of the REST API."""

from totalplace.environment import environment

env = environment()

KNOX_TOKEN_MODEL = "pilots.ApiToken"  # noqa: S105 - a model, no secret
REST_KNOX = {"TOKEN_TTL": None}

REST_FRAMEWORK = {
    # The first one's challenge is what a 401 carries.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "pilots.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # Who may do what is asked of pilots.permissions by each view.
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": ["pilots.api.limits.RequestLimit"],
    "DEFAULT_RENDERER_CLASSES": ["pilots.api.formats.Json"],
    "DEFAULT_PARSER_CLASSES": ["pilots.api.formats.JsonObject"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "pilots.api.formats.Negotiation",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "pilots.api.schema.Operation",
    "EXCEPTION_HANDLER": "totalplace.problems.answer_exception",
    "NUM_PROXIES": 1 if env.bool("BEHIND_PROXY", False) else 0,
}

# Requests a minute; 0 is no limit. An embedded installation serves one machine and has none unless one is set.
_SERVES_MANY = not env.bool("TOTALPLACE_EMBEDDED", not env.str("DATABASE_URL", ""))
API_LIMITS = {
    "anonymous": env.int("API_LIMIT_ANONYMOUS", 600 if _SERVES_MANY else 0),
    "person": env.int("API_LIMIT_PERSON", 3000 if _SERVES_MANY else 0),
}

# Origins whose pages may read what is published, without cookies or tokens; "*" is any.
API_CORS_ORIGINS: list[str] = env.list("API_CORS_ORIGINS", ["*"])

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Total Place",
    "VERSION": "1",
    "DESCRIPTION": (
        "All public spending in an area by body and service, and what the bodies could save together.\n\n"
        "Money is a decimal string of pounds. Years are written 2010-11. Shares and rates are decimal strings. "
        "Errors are problem documents (RFC 9457), explained at /api/docs/problems/."
    ),
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "PREPROCESSING_HOOKS": ["pilots.api.schema.only_version_1"],
    "POSTPROCESSING_HOOKS": [],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Authorization: Token ...`; an account or `manage.py issue_token` gives one.",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The session of the pages; writing needs its CSRF token, too.",
            },
        },
    },
    "SORT_OPERATION_PARAMETERS": False,
    "COMPONENT_SPLIT_PATCH": False,
    "TAGS": [
        {"name": "Programme", "description": "What all places come to."},
        {"name": "Places", "description": "The places, and what one comes to."},
        {"name": "Savings", "description": "Where a place or all of them could save, cell by cell."},
        {"name": "Cube", "description": "Spend and savings by any dimensions, and how a saving was made."},
        {"name": "Spend", "description": "Spend lines, to read and to write."},
        {"name": "Files", "description": "Files to be taken in and files to be made, by jobs that always end."},
        {"name": "Changes", "description": "What became new, to pull or to be told."},
        {"name": "Reference", "description": "Bodies, services, levers and assumption sets."},
    ],
}
