"""What pathways achieve, for those who pay: totals, never anybody.

=============  ====================================================================================
counting       the queries: one for each question, whatever the number of pathways
protecting     paired change with its small groups taken out (decision record 0087)
reporting      queries into figures and tables, each with how it was counted
=============  ====================================================================================
"""
