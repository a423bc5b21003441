"""Did life get better? Measures, and change reckoned only in pairs."""
