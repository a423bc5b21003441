"""The plan that the person owns: its states, its versions, and edits that meet."""
