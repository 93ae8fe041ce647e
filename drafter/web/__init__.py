"""The app: pages for citizens, the panel and the clerk, rendered on the server.

Law: a view reads a form, calls the services, and fills a template; what may be done and what it
means is decided below. Nothing imports this package but the command. Nothing happens at import:
`drafter.web.app.create_app` wires everything.
"""
