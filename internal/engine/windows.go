// Change windows: when what exists on a server may be changed or deleted.

package engine

import (
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // a container need not have it

	"github.com/robfig/cron/v3"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// window is a change window that was understood.
type window struct {
	schedule cron.Schedule
	duration time.Duration
	zone     *time.Location
}

// windowsOf understands the change windows of a server.
func windowsOf(srv *v1alpha1.PleskServer) ([]window, error) {
	var out []window
	for i, w := range srv.Spec.ChangeWindows {
		field := fmt.Sprintf("changeWindows[%d]", i)
		schedule, err := cron.ParseStandard(w.Schedule)
		if err != nil {
			return nil, invalid("spec.%s.schedule: %v", field, err)
		}
		zone, err := time.LoadLocation(w.TimeZone)
		if err != nil {
			return nil, invalid("spec.%s.timeZone: %v", field, err)
		}
		if schedule.Next(time.Unix(0, 0).UTC()).IsZero() {
			return nil, invalid("spec.%s.schedule: there is no such day", field)
		}
		out = append(out, window{schedule, w.Duration.Duration, zone})
	}
	return out, nil
}

// clocksJump is more than the clocks of any zone are ever set forward or back at once.
const clocksJump = 25 * time.Hour

// open reports whether a window is open, and if not, when the next one opens.
func open(windows []window, now time.Time) (bool, time.Time) {
	var next time.Time
	for _, w := range windows {
		for start := range w.starts(now.Add(-w.duration)) {
			if start.After(now) {
				if next.IsZero() || start.Before(next) {
					next = start
				}
				break
			}
			if now.Before(start.Add(w.duration)) {
				return true, time.Time{}
			}
		}
	}
	return len(windows) == 0, next
}

// openOn reports whether a change window of a server is open, and if not, when the next one opens.
func openOn(srv *v1alpha1.PleskServer, now time.Time) (isOpen bool, next time.Time, _ error) {
	windows, err := windowsOf(srv)
	if err != nil {
		return false, time.Time{}, err
	}
	isOpen, next = open(windows, now)
	return isOpen, next, nil
}

// starts are when the window opens, after a time. The schedule is read as a clock without a zone that goes on evenly: so no time is skipped, and
// none comes twice.
func (w window) starts(after time.Time) func(yield func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		shown := after.Add(-clocksJump).In(w.zone)
		clock := time.Date(shown.Year(), shown.Month(), shown.Day(), shown.Hour(), shown.Minute(), shown.Second(), 0, time.UTC)
		for {
			if clock = w.schedule.Next(clock); clock.IsZero() {
				return
			}
			if start := w.whenShown(clock); start.After(after) && !yield(start) {
				return
			}
		}
	}
}

// whenShown is when the clocks of the zone show a time first, or jump over it.
func (w window) whenShown(clock time.Time) time.Time {
	before := clock.Add(-clocksJump).In(w.zone)
	_, change := before.ZoneBounds()
	if first := clock.Add(-offset(before)); change.IsZero() || first.Before(change) {
		return first
	}
	if again := clock.Add(-offset(change)); !again.Before(change) {
		return again
	}
	return change
}

// offset is how far the clocks are ahead of UTC.
func offset(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// outside ends a pass that would change or delete something outside of the change windows with v, which then says when the next one opens, unless
// that has been permitted. A server whose windows cannot be understood is not ready, so no pass comes here.
func (p *pass[O, W]) outside(plan func(opens string) *verdict) *verdict {
	now := p.clock.Now()
	isOpen, next, err := openOn(p.server, now)
	if err != nil {
		return p.fail(err)
	}
	if isOpen {
		return nil
	}
	v := plan(fmt.Sprintf("PleskServer %s (spec.serverRef) is changed in its change windows only, of which the next opens at %s", p.serverName, next.Format(time.RFC3339)))
	if v != nil {
		v.pace, v.after = paceAfter, min(next.Sub(now), p.untilResync())
	}
	return v
}

// waitsForWindow reports whether changes belong into a window: not those that follow a creation, and not a new password or certificate.
func (p *pass[O, W]) waitsForWindow(changes []Change) bool {
	if !slices.ContainsFunc(changes, func(c Change) bool { return !c.secret() }) {
		return false
	}
	if p.adoption != nil || p.o.State().LastSyncTime != nil {
		return true
	}
	last := p.lastSynced()
	return !p.made && (last == nil || last.Reason != v1alpha1.ReasonCreating && last.Reason != v1alpha1.ReasonUpdating)
}
