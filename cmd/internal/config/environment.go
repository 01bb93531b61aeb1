package config

// Variables of the environment that communique reads. Flags override them.
const (
	// DataVariable is the folder of the installation, instead of --data.
	DataVariable = "COMMUNIQUE_DATA"
	// ListenVariable overrides listen.
	ListenVariable = "COMMUNIQUE_LISTEN"
	// DatabaseVariable overrides database, so that its password need not stand in the file.
	DatabaseVariable = "COMMUNIQUE_DATABASE"
	// PassphraseVariable is the passphrase of the actors' keys, instead of the file
	// that keys.passphrase_file names.
	PassphraseVariable = "COMMUNIQUE_KEY_PASSPHRASE"
)
