package command

import (
	"testing"
	"time"
)

// TestOutage: an outage begins when the database is missed for the first time, and is over when
// it answers and nobody has missed it since it was asked.
func TestOutage(t *testing.T) {
	t.Parallel()
	o := newOutage()
	began := time.Now()
	at := func(seconds int) time.Time { return began.Add(time.Duration(seconds) * time.Second) }
	if away, is := o.over(at(0)); is {
		t.Errorf("before anybody missed it, it was away for %s", away)
	}
	for n := range 2 { // it may be away again
		from := 100 * n
		o.missed(at(from))
		o.missed(at(from + 8))
		select {
		case <-o.begun:
		default:
			t.Fatal("nobody looks for it")
		}
		if away, is := o.over(at(from + 7)); is {
			t.Errorf("it was away for %s, and was missed since it was asked", away)
		}
		if away, is := o.over(at(from + 9)); !is || away != 9*time.Second {
			t.Errorf("it was away for %s: %t", away, is)
		}
		if _, is := o.over(at(from + 10)); is {
			t.Error("it is back twice")
		}
	}
}
