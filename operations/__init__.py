"""Looking after a site for years: backups, debris, health, upgrades."""
