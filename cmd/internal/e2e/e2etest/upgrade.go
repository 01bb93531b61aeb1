package e2etest

import (
	"context"
	"os"

	"communique/storage/migrations"
)

// laterFile in the environment names a file with a step of the schema, which a program takes that
// starts when it is there: it is of a later version than those before.
const laterFile = "COMMUNIQUE_LATER_FILE"

// version is the context of a program of the version that its test wants.
func version(ctx context.Context) context.Context {
	step, err := os.ReadFile(os.Getenv(laterFile))
	if err != nil {
		return ctx // nobody wants a later one
	}
	return migrations.WithLater(ctx, string(step))
}

// Upgrade puts a later version in the place of the program of the site, which takes a further
// step of the schema. It is started when somebody starts a program.
func (s *Site) Upgrade(step string) {
	s.T.Helper()
	if err := os.WriteFile(s.laterFile(), []byte(step), 0o600); err != nil {
		s.T.Fatal(err)
	}
}

func (s *Site) laterFile() string { return s.Data + ".later" }
