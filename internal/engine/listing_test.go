// Tests of lists: for how long they are compared with.

package engine

import (
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"
)

func TestAListThatCouldNotBeReadIsSoonFollowedByAnother(t *testing.T) {
	for _, c := range []struct {
		name   string
		unread bool
		age    time.Duration // of the lists that are compared with
		after  time.Duration
		isNew  bool
	}{
		{"read, compared with", false, time.Minute, unreadAge, false},
		{"read, too old", false, time.Minute, time.Minute, true},
		{"unread, just now", true, time.Minute, unreadAge - time.Second, false},
		{"unread, tried again", true, time.Minute, unreadAge, true},
		{"unread, where lists do not last as long", true, 5 * time.Second, 5 * time.Second, true},
		{"the clock was set back", false, time.Minute, -time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := testclock.NewFakePassiveClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			lists := newListings[struct{}](clock)
			first, isNew := lists.current("server", c.age)
			if !isNew {
				t.Fatal("the first list is not new")
			}
			if c.unread {
				lists.unread(first)
			}
			clock.SetTime(clock.Now().Add(c.after))
			if second, isNew := lists.current("server", c.age); isNew != c.isNew || (second == first) == c.isNew {
				t.Errorf("after %v a new list: %t", c.after, isNew)
			}
		})
	}
}
