package desk

import (
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/alarms"
)

// TestAlarmWords: an alarm says of what it is, and what becomes of that which nobody has approved.
func TestAlarmWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, tt := range []struct {
		about     string
		left      time.Duration
		says, end string
	}{
		{"new", 2 * time.Hour, "A text that is due in 2 hours,", "It does not go out until somebody approves it."},
		{"new", 0, "A text has come to its instant,", "It stays back until somebody approves it, and goes out then."},
		{"withdrawal", 2 * time.Hour, "A withdrawal that is due in 2 hours,", "The article stays public until somebody approves it."},
		{"withdrawal", -time.Minute, "A withdrawal has come to its instant,", "The article stays public until somebody approves it."},
		{"correction", 15 * time.Minute, "A correction that is due in 15 minutes,", "The article stays as it is until somebody approves it."},
		{newsroom.AboutChange, time.Hour, "A change of an article under embargo that is due in 1 hour,", "the article goes out as it was approved before."},
		{"", time.Hour, "A text that is due in 1 hour,", "It does not go out until somebody approves it."}, // an older program has not noted it
	} {
		a := alarms.Alarm{Kind: alarms.Unapproved, About: tt.about, Instant: h.clock.Now().Add(tt.left)}
		short, full := h.desk.alarmWords(a)
		if !strings.HasPrefix(full, tt.says) || !strings.HasSuffix(full, tt.end) || !strings.Contains(short, "not approved") {
			t.Errorf("%s, %s: %q, %q", tt.about, tt.left, short, full)
		}
	}
	_, rezoned := h.desk.alarmWords(alarms.Alarm{Kind: alarms.Rezoned, About: "correction", Instant: h.clock.Now(), Step: "2026-12-01T10:00:00Z"})
	if !strings.HasPrefix(rezoned, "The instant of a correction was entered") {
		t.Errorf("of a changed rule: %q", rezoned)
	}
	_, recalled := h.desk.alarmWords(alarms.Alarm{Kind: alarms.Recalled, About: "withdrawal", Instant: h.clock.Now()})
	if !strings.HasPrefix(recalled, "A withdrawal that was approved for") || !strings.HasSuffix(recalled, "The article stays public until somebody approves it.") {
		t.Errorf("of a recall: %q", recalled)
	}
	l := h.desk.letter(alarms.Letter{ID: "l", Address: "ana@mfa.example"}, alarms.Alarm{Kind: alarms.Assigned, Subject: "m", About: "correction"})
	if l.To != "ana@mfa.example" || l.Urgent || !strings.Contains(l.Subject, "a correction is yours to work on") || !strings.Contains(l.Text, "/manuscripts/m\n") {
		t.Errorf("of what is assigned: %+v", l)
	}
}
