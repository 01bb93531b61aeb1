// Package conversation is about what strangers say to a running server: likes,
// shares, replies and quotes, follows and moves, and what is made of them.
package conversation

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
