// Package stories tells what becomes of a statement from its embargo to its
// withdrawal, at followers of one actor and of several, while keys are replaced.
package stories

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
