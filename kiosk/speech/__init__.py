"""The dispenser by ear (B10): what is on the screen is said, and four tactile keys choose (EN 301 549, 5.1.3).

Up and down go through the choices, OK takes one, the fourth key says the last thing again; pressed twice it says how
the keys work, held for a moment it turns the volume one step on. A key press begins the guide and cuts off what is
being said; after each use the volume is what it was.
"""
