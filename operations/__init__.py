"""Looking after a site for years: health, upgrades."""
