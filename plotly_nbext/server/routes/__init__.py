"""The endpoints, one module a resource; :mod:`plotly_nbext.server.app` lists their paths."""
