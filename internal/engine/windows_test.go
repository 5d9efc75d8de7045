// Change windows: when they are open, also where the clocks are changed.

package engine

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// serverWith is a server with change windows.
func serverWith(windows ...v1alpha1.ChangeWindow) *v1alpha1.PleskServer {
	return &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{ChangeWindows: windows}}
}

func changeWindow(schedule string, duration time.Duration, zone string) v1alpha1.ChangeWindow {
	return v1alpha1.ChangeWindow{Schedule: schedule, Duration: metav1.Duration{Duration: duration}, TimeZone: zone}
}

func TestChangeWindows(t *testing.T) {
	night := changeWindow("0 2 * * 1-5", 3*time.Hour, "Europe/Berlin")
	half := changeWindow("30 2 * * *", time.Hour, "Europe/Berlin")
	for name, c := range map[string]struct {
		windows []v1alpha1.ChangeWindow
		now     string
		opens   string // "" where one is open
	}{
		"without any it is always open":                  {nil, "2026-12-01T12:00:00Z", ""},
		"before it":                                      {[]v1alpha1.ChangeWindow{night}, "2026-12-01T00:59:59Z", "2026-12-01T01:00:00Z"},
		"when it begins":                                 {[]v1alpha1.ChangeWindow{night}, "2026-12-01T01:00:00Z", ""},
		"right before its end":                           {[]v1alpha1.ChangeWindow{night}, "2026-12-01T03:59:59Z", ""},
		"at its end":                                     {[]v1alpha1.ChangeWindow{night}, "2026-12-01T04:00:00Z", "2026-12-02T01:00:00Z"},
		"on a Friday's evening it is Monday's":           {[]v1alpha1.ChangeWindow{night}, "2026-12-04T20:00:00Z", "2026-12-07T01:00:00Z"},
		"in summer the clocks are two hours ahead":       {[]v1alpha1.ChangeWindow{night}, "2026-07-01T04:00:00Z", "2026-07-02T00:00:00Z"},
		"the next of several":                            {[]v1alpha1.ChangeWindow{night, changeWindow("15 13 * * *", time.Minute, "UTC")}, "2026-12-01T12:00:00Z", "2026-12-01T13:15:00Z"},
		"one of several":                                 {[]v1alpha1.ChangeWindow{night, changeWindow("15 13 * * *", time.Minute, "UTC")}, "2026-12-01T13:15:59Z", ""},
		"a time that is skipped: before":                 {[]v1alpha1.ChangeWindow{half}, "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"},
		"a time that is skipped: when the clocks jump":   {[]v1alpha1.ChangeWindow{half}, "2026-03-29T01:00:00Z", ""},
		"a time that is skipped: its end":                {[]v1alpha1.ChangeWindow{half}, "2026-03-29T02:00:00Z", "2026-03-30T00:30:00Z"},
		"a time that is shown twice: the first":          {[]v1alpha1.ChangeWindow{half}, "2026-10-25T00:30:00Z", ""},
		"a time that is shown twice: until its end":      {[]v1alpha1.ChangeWindow{half}, "2026-10-25T01:29:59Z", ""},
		"a time that is shown twice: not the second":     {[]v1alpha1.ChangeWindow{half}, "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
		"over midnight":                                  {[]v1alpha1.ChangeWindow{changeWindow("0 23 * * 0", 2*time.Hour, "UTC")}, "2026-12-07T00:59:00Z", ""},
		"all day, every day":                             {[]v1alpha1.ChangeWindow{changeWindow("0 0 * * *", 24*time.Hour, "UTC")}, "2026-12-07T23:59:59Z", ""},
		"a zone without changes":                         {[]v1alpha1.ChangeWindow{changeWindow("0 2 * * *", time.Hour, "Asia/Kolkata")}, "2026-12-01T20:30:00Z", ""},
		"a zone whose clocks jump at midnight":           {[]v1alpha1.ChangeWindow{changeWindow("30 0 * * *", time.Hour, "America/Asuncion")}, "2023-10-01T04:00:00Z", ""},
		"one that opens each minute is open at any time": {[]v1alpha1.ChangeWindow{changeWindow("* * * * *", 24*time.Hour, "Pacific/Auckland")}, "2026-04-05T00:00:30Z", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			windows, err := windowsOf(serverWith(c.windows...))
			g.Expect(err).NotTo(HaveOccurred())
			now, err := time.Parse(time.RFC3339, c.now)
			g.Expect(err).NotTo(HaveOccurred())
			isOpen, next := open(windows, now)
			g.Expect(isOpen).To(Equal(c.opens == ""))
			if c.opens != "" {
				g.Expect(next.UTC().Format(time.RFC3339)).To(Equal(c.opens))
			}
		})
	}
}

func TestChangeWindowsThatCannotBeUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		window  v1alpha1.ChangeWindow
		message string
	}{
		"schedule": {changeWindow("0 25 * * *", time.Hour, "UTC"), "spec.changeWindows[1].schedule: "},
		"day":      {changeWindow("0 0 30 2 *", time.Hour, "UTC"), "spec.changeWindows[1].schedule: there is no such day"},
		"zone":     {changeWindow("0 2 * * *", time.Hour, "Europe/Nowhere"), "spec.changeWindows[1].timeZone: "},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := windowsOf(serverWith(changeWindow("0 2 * * *", time.Hour, "UTC"), c.window))
			g.Expect(err).To(MatchError(HavePrefix(c.message)))
			g.Expect(err).To(BeAssignableToTypeOf(&ConfigError{}))
		})
	}
}
