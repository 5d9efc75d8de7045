// The operator: two managers that are started again whenever they end, and whose leader is killed.

package chaos

import (
	"bufio"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/test/testbed"
)

const managers = 2

// startManagers starts the managers. One that ends is started again, as a kubelet does, until ctx ends.
func (r *run) startManagers(ctx context.Context) error {
	for range managers {
		m, err := r.bed.StartManager(ctx, testbed.ManagerOptions{Args: []string{
			"--leader-elect", "--leader-elect-lease-duration=" + leaseDuration.String(),
			"--leader-elect-renew-deadline=" + renewDeadline.String(), "--leader-elect-retry-period=" + retryPeriod.String(),
			"--create-settle-time=10s", "--read-timeout=" + readTimeout.String(), "--write-timeout=" + writeTimeout.String(), "--answer-timeout=" + answerTimeout.String(),
		}})
		if err != nil {
			return err
		}
		r.managers = append(r.managers, m)
	}
	return nil
}

// keepAlive starts a manager again whenever it has ended: killed, told to end, or having lost its lease, but for no other reason.
func (r *run) keepAlive(ctx context.Context, m *testbed.Manager) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-m.Ended():
		}
		r.say("%s has ended", m.PodName())
		if err := m.Failure(); err != nil {
			r.report.broken(crash, "%s: %v\n%s", m.PodName(), err, m.LogTail(20))
		}
		bounded, cancel := context.WithTimeout(ctx, 3*time.Minute) // it may wait for an API server that is down
		err := m.Start(bounded)
		cancel()
		if err == nil {
			r.report.count("managers started again")
		} else if pause(ctx, tryAgain) != nil {
			return
		}
	}
}

// endLeaders ends the leader again and again: some time after it has taken over, in the middle of its work. Mostly it is killed;
// now and then it is told to end, finishes what it is writing, and gives the lease away at once.
func (r *run) endLeaders(ctx context.Context) error {
	rng := rand.New(rand.NewPCG(r.Seed, streamKills)) // chance in tests, repeatable
	kill := make([]bool, r.Kills+r.Stops)
	for i := range r.Kills {
		kill[i] = true
	}
	rng.Shuffle(len(kill), func(i, j int) { kill[i], kill[j] = kill[j], kill[i] })
	for _, kill := range kill {
		if err := r.endLeader(ctx, kill, time.Duration(200+rng.IntN(4000))*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) endLeader(ctx context.Context, kill bool, after time.Duration) error {
	r.calm.Lock()
	defer r.calm.Unlock()
	leader, err := r.awaitLeader(ctx)
	if err != nil {
		return err
	}
	if err := pause(ctx, after); err != nil {
		return err
	}
	name := leader.PodName()
	if kill {
		leader.Kill()
		r.say("%s was killed", name)
		r.report.count("leaders killed with SIGKILL")
		return nil
	}
	r.say("%s is told to end: %v", name, leader.Stop()) // an error means that it had lost the lease just then
	r.report.count("leaders told to end with SIGTERM")
	return nil
}

// awaitLeader waits for a manager that leads, and returns it.
func (r *run) awaitLeader(ctx context.Context) (leader *testbed.Manager, _ error) {
	err := insist(ctx, "wait for a leader", func(ctx context.Context) (err error) {
		leader, _, err = r.leading(ctx)
		return err
	})
	return leader, err
}

// leading returns the manager that leads just now, and what it has counted.
func (r *run) leading(ctx context.Context) (*testbed.Manager, samples, error) {
	for _, m := range r.managers {
		metrics, err := readMetrics(ctx, m)
		if err != nil {
			continue // it is dead, or not up yet
		}
		if metrics.sum("leader_election_master_status") == 1 {
			return m, metrics, nil
		}
	}
	return nil, nil, errors.New("nobody leads")
}

// samples are metrics by name with labels.
type samples map[string]float64

// readMetrics reads what a manager counts.
func readMetrics(ctx context.Context, m *testbed.Manager) (samples, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.MetricsURL, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := metricsClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // it was read
	out := samples{}
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if at < 0 || line[0] == '#' {
			continue
		}
		if v, err := strconv.ParseFloat(line[at+1:], 64); err == nil {
			out[line[:at]] = v
		}
	}
	return out, nil
}

// metricsClient keeps no connections: managers die and come back.
var metricsClient = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// sum adds up a metric over all its labels.
func (s samples) sum(name string) float64 {
	total := 0.0
	for key, v := range s {
		if rest, ok := strings.CutPrefix(key, name); ok && (rest == "" || rest[0] == '{') {
			total += v
		}
	}
	return total
}

// pause waits, or ends with ctx.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
