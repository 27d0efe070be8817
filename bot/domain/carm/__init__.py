"""Whether an importer's goods can be released on arrival: evidence that ages, and the verdict that it allows."""
