"""The REST API of what is: places, spend lines and the register. Thin: HTTP in, one call, HTTP out."""
