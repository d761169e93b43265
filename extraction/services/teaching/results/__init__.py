"""What label runs brought, for people to look at."""
