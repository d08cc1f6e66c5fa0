"""Quality beside cost: measures of services, readings of them, and savings whose quality went the wrong way."""
