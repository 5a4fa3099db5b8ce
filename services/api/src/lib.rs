//! actix-web: /graphql, /hooks, /auth, the web app's files.
