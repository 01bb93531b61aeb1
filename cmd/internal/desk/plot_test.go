package desk

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage/deliveries"
	"communique/storage/press"
)

func TestPlot(t *testing.T) {
	t.Parallel()
	moment := func(after time.Duration, servers int) deliveries.Moment {
		return deliveries.Moment{At: now.Add(after), Servers: servers, Followers: 10 * servers}
	}
	for name, tt := range map[string]struct {
		reach deliveries.Reach
		after time.Duration
		curve string
		steps []step
	}{
		"nobody yet": {deliveries.Reach{Servers: 3, Behind: 3}, 0, "M64 208H64", []step{{"1 s", 0, 0, 0}}},
		"all within ten seconds": {
			deliveries.Reach{Servers: 4, Progress: []deliveries.Moment{moment(time.Second, 3), moment(10*time.Second, 1)}}, time.Hour,
			"M64 208H384V64H704V16H704", []step{{"1 s", 3, 30, 75}, {"10 s", 4, 40, 100}},
		},
		"one after an hour, one not yet": {
			deliveries.Reach{Servers: 3, Behind: 1, Progress: []deliveries.Moment{moment(time.Second, 1), moment(time.Hour, 1)}}, 2 * time.Hour,
			"M64 208H184V144H611V80H647", []step{{"1 s", 1, 10, 33}, {"10 s", 1, 10, 33}, {"1 min", 1, 10, 33}, {"10 min", 1, 10, 33}, {"1 h", 2, 20, 66}},
		},
		"more than there are, as after some have left": {
			deliveries.Reach{Servers: 1, Progress: []deliveries.Moment{moment(time.Second, 2)}}, time.Hour,
			"M64 208H384V16H704", []step{{"1 s", 1, 20, 100}, {"10 s", 1, 20, 100}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.reach.Entry = press.Entry{At: now}
			p := plotOf(tt.reach, now.Add(tt.after))
			if p.Curve != tt.curve {
				t.Errorf("the curve is %s, want %s", p.Curve, tt.curve)
			}
			if diff := cmp.Diff(tt.steps, p.Steps); diff != "" {
				t.Error(diff)
			}
		})
	}
	if plotOf(deliveries.Reach{}, now) != nil {
		t.Error("there is a plot of nothing")
	}
}
