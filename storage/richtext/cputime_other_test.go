//go:build !linux

package richtext

import (
	"testing"
	"time"
)

// processorTime is how long do takes, where nobody says how busy the processor was.
func processorTime(_ *testing.T, do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}
