"""What the access points achieve, in numbers: exact for a hub's lead, rounded for everybody else.

=============  ====================================================================================
periods        a month, a quarter, a year; the one before; those to choose from
shapes         figures and tables as plain values
counting       the queries: one for each table, whatever the number of referrals
reporting      queries into figures and tables, each with how it was counted
protecting     small counts taken out, the rest rounded, for the network's and the public page
charts         tables as SVG
=============  ====================================================================================
"""
