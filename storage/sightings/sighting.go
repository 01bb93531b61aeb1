package sightings

import (
	"time"

	"communique/storage/press"
)

// Sighting is what readers saw of an entry of the log.
type Sighting struct {
	Seq        press.Seq
	Page, Feed Sight
	Looks      int       // how many times it was looked for, the one under way among them
	Next       time.Time // when it is looked for next; zero is never again
	Keep       time.Time // when its report is written down next; zero is never again
	Kept       time.Time // when it was the last time; zero is never
	Report     []byte    // what was written down; JSON
}

// Sight is what readers saw at one address.
type Sight struct {
	Seen  time.Time // zero if it was not
	Fault string    // why it was not, the last time
}

// Found tells whether it was seen.
func (s Sight) Found() bool { return !s.Seen.IsZero() }
