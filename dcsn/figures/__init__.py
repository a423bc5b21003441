"""Tables of figures as plain values, their pictures, and small counts taken out.

``shapes``  a table and what may stand in it
``charts``  a table as SVG
``small``   which counts may not be shown
"""
