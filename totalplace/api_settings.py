"""Settings of the REST API."""

KNOX_TOKEN_MODEL = "pilots.ApiToken"
