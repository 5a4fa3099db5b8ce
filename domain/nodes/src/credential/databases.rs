//! Databases.

use super::CredentialType;
use super::fields::{AUTHORITY, ENCRYPTION, HOST, PASSWORD, PORT, USER, secret, text};
use crate::label;

pub(super) const POSTGRES: CredentialType = CredentialType {
    kind: "postgres",
    label: label("PostgreSQL", "PostgreSQL"),
    description: label(
        "A PostgreSQL database and a user of it.",
        "Une base de données PostgreSQL et un de ses utilisateurs.",
    ),
    fields: &[
        HOST.example("db.example.com"),
        PORT.default("5432"),
        text("database", label("Database", "Base de données"))
            .help("The name of one database of the server.", "Le nom d’une base du serveur."),
        USER,
        PASSWORD.optional(),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["postgres"],
};

pub(super) const MYSQL: CredentialType = CredentialType {
    kind: "mysql",
    label: label("MySQL", "MySQL"),
    description: label(
        "A MySQL or MariaDB server and a user of it.",
        "Un serveur MySQL ou MariaDB et un de ses utilisateurs.",
    ),
    fields: &[
        HOST.example("db.example.com"),
        PORT.default("3306"),
        text("database", label("Database", "Base de données"))
            .help(
                "The name of one database of the server; statements may name others.",
                "Le nom d’une base du serveur ; les instructions peuvent en nommer d’autres.",
            )
            .optional(),
        USER,
        PASSWORD.optional(),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["mySql"],
};

pub(super) const MSSQL: CredentialType = CredentialType {
    kind: "mssql",
    label: label("SQL Server", "SQL Server"),
    description: label(
        "A Microsoft SQL Server or Azure SQL, and a user of it.",
        "Un serveur Microsoft SQL Server ou Azure SQL, et un de ses utilisateurs.",
    ),
    fields: &[
        HOST.example("db.example.com"),
        PORT.default("1433"),
        text("database", label("Database", "Base de données"))
            .help(
                "The name of one database of the server; empty for the user’s usual one.",
                "Le nom d’une base du serveur ; vide pour la base habituelle de l’utilisateur.",
            )
            .optional(),
        USER,
        PASSWORD,
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["microsoftSql"],
};

pub(super) const MONGODB: CredentialType = CredentialType {
    kind: "mongodb",
    label: label("MongoDB", "MongoDB"),
    description: label(
        "A MongoDB database, by its host or by a connection string.",
        "Une base de données MongoDB, par son hôte ou par une chaîne de connexion.",
    ),
    fields: &[
        secret("connectionString", label("Connection string", "Chaîne de connexion"))
            .help(
                "It says where the database is and who signs in; host, port, user and password do not count then.",
                "Elle dit où est la base et qui se connecte ; hôte, port, utilisateur et mot de passe ne comptent \
                 alors pas.",
            )
            .optional()
            .example("mongodb+srv://user:password@cluster0.example.net"),
        HOST.optional().example("db.example.com"),
        PORT.default("27017"),
        text("database", label("Database", "Base de données"))
            .help("The connection string may name it, too.", "La chaîne de connexion peut aussi la nommer.")
            .optional(),
        USER.optional(),
        PASSWORD.optional(),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["mongoDb"],
};

pub(super) const REDIS: CredentialType = CredentialType {
    kind: "redis",
    label: label("Redis", "Redis"),
    description: label("A Redis server.", "Un serveur Redis."),
    fields: &[
        HOST.example("redis.example.com"),
        PORT.default("6379"),
        USER.optional(),
        PASSWORD.optional(),
        text("database", label("Database", "Base de données"))
            .help(
                "A number; 0 unless somebody set up others.",
                "Un numéro ; 0 sauf si d’autres ont été mises en place.",
            )
            .default("0"),
        ENCRYPTION,
        AUTHORITY,
    ],
    n8n_types: &["redis"],
};
