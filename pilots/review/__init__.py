"""The review of a count: submitted with a checklist, returned with comments or approved, then published."""
