package command_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"communique": e2etest.Program})
}
