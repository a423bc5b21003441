"""Roles as people meet them: finding one, five questions, asking for it, and what becomes of who asked.

=============  ============================================================================
``finding``    by words, day and time, distance and kind
``words``      a role in words: the page, the list and the paper say the same
``five``       five questions, three suggestions with reasons; nothing is kept
``sheet``      the large-print sheet of roles
``applying``   one form for screen, paper and desk; people are never matched by what they type
=============  ============================================================================
"""
