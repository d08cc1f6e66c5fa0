"""Pictures of every page, for a person to look through: what script/screenshots runs."""
