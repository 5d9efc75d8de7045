// Shows how the bed judges the end of a program.

package testbed

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// lost is what a manager says when it has lost its lease.
const lost = `{"level":"error","ts":"2025-03-02T10:00:00Z","msg":"The operator ends","error":"leader election lost"}`

// scripted is a program that does what a script says. It is ready in its nth life.
func scripted(t *testing.T, script string, nth int) *Program {
	t.Helper()
	dir := t.TempDir()
	p := &Program{
		name: "scripted", path: "/bin/sh", args: []string{"-c", script}, env: []string{"DIR=" + dir},
		LogFile: filepath.Join(dir, "log"), pidFile: filepath.Join(dir, "pid"), mayEnd: lostLease,
	}
	p.ready = func(context.Context, int64) bool { return p.lives >= nth }
	t.Cleanup(p.Kill)
	return p
}

func TestEndsAreJudged(t *testing.T) {
	for name, c := range map[string]struct {
		script  string
		failure string // "" for none
	}{
		"well":                                 {"exit 0", ""},
		"with an error":                        {"echo 'panic: nil'; exit 1", "exit status 1"},
		"with an error that names the lease":   {`echo '{"msg":"stopping","error":"leader election lost"}'; exit 1`, "exit status 1"},
		"without its lease":                    {"echo '" + lost + "'; exit 1", ""},
		"without its lease, after a complaint": {"echo '" + lost + "'; exit 66", "exit status 66"},
		"killed by somebody else":              {"kill -KILL $$", "signal: killed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := scripted(t, c.script, 1)
			g.Expect(p.Start(t.Context())).To(Succeed())
			g.Eventually(p.Ended()).Within(time.Minute).Should(BeClosed())
			for _, err := range []error{p.Failure(), p.Stop()} {
				if c.failure == "" {
					g.Expect(err).NotTo(HaveOccurred())
				} else {
					g.Expect(err).To(MatchError("scripted: " + c.failure))
				}
			}
		})
	}
}

func TestKillIsNoFailure(t *testing.T) {
	g := NewWithT(t)
	p := scripted(t, "exec sleep 3600", 1)
	g.Expect(p.Start(t.Context())).To(Succeed())
	g.Expect(p.Failure()).NotTo(HaveOccurred(), "it runs")
	pid := p.PID()
	p.Kill()
	g.Expect(syscall.Kill(pid, 0)).To(MatchError(syscall.ESRCH))
	g.Expect(p.Failure()).NotTo(HaveOccurred())
	g.Expect(p.Stop()).To(Succeed())
}

func TestStartGoesOnAfterAnEndThatMayBe(t *testing.T) {
	g := NewWithT(t)
	// The first life loses its lease before it is ready; what it said is not held against the second one.
	p := scripted(t, `[ -e $DIR/second ] && exit 1; touch $DIR/second; echo '`+lost+`'; exit 1`, 3)
	g.Expect(p.Start(t.Context())).To(MatchError(ContainSubstring("scripted ended when it was started: exit status 1")))
	g.Expect(p.lives).To(Equal(2))
}
