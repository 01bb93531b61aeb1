// Package attacks holds a running server against every attack that
// federation/ATTACKS.tsv lists, by its number: -run 'TestAttacks/A20_'. Each is
// tried at every inbox and by every way to sign that it concerns, and the site
// must be afterwards what it was before.
package attacks

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
