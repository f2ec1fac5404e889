"""Everything spiq's own tests compare against, computed without spiq."""
