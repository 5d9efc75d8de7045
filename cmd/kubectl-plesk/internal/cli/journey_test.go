// The take-over of a server, from its export to the first change: every write is one that was shown before.

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/preview"
	"github.com/plesk-operator/plesk-operator/internal/export/exporttest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// takeover is a server that others have filled, and the folder that is its repository.
type takeover struct {
	*world
	plesk *testbed.Simulator
	dir   string

	mu     sync.Mutex
	writes [][]byte // packets over the wire
}

const takeoverNamespace = "takeover"

// open is a change window for all day.
const open = `[{"schedule":"* * * * *","duration":"24h"}]`

// closed is one that does not open for as long as the test lasts.
func closed() string {
	return fmt.Sprintf(`[{"schedule":"0 %d * * *","duration":"1m"}]`, (time.Now().UTC().Hour()+12)%24)
}

func journey(t *testing.T, w *world) {
	j := &takeover{world: w, dir: t.TempDir()}
	j.fill(t)

	out := j.command(t, 0, "export", "--on", "old-01", "--output-dir", j.dir, "--allow-addresses", "127.0.0.0/8")
	if !strings.Contains(out.err, "wrote ") {
		t.Fatal(out)
	}
	j.apply(t)
	j.settled(t)
	j.wrote(t, 0, "observing")
	for _, r := range j.diff(t, 0, j.withoutCluster(t)...) {
		if r.Action != preview.None {
			t.Errorf("without a cluster, what observes would write: %+v", r)
		}
	}

	j.edit(t, "ObserveOnly", "Managed")
	changed := map[string][]v1alpha1.Change{}
	for _, r := range j.diff(t, 1) {
		if r.Action != preview.Adopt && r.Action != preview.None {
			t.Errorf("taking over %s would be more than adopting: %+v", r.Ref, r)
		}
		if len(r.Changes) > 0 {
			changed[r.Ref.String()] = r.Changes
		}
	}
	for _, r := range j.diff(t, 1, j.withoutCluster(t)...) {
		if r.Action != preview.Adopt && r.Action != preview.None || len(r.Changes) > 0 {
			t.Errorf("without a cluster: %+v", r)
		}
	}
	if len(changed) > 0 {
		t.Errorf("adopting would write: %v", changed)
	}
	j.apply(t)
	j.settled(t)
	j.wrote(t, 0, "adopting what matches")
	if left := j.diff(t, 0); len(left) == 0 {
		t.Error("nothing was compared")
	}

	// A change, as a pull request has it, and its plan say the same.
	j.edit(t, "contactName: Ada Birch", "contactName: Ada Oak")
	j.editFile(t, "login: acme\n", "managementPolicy: Managed", "managementPolicy: Plan")
	var differing []preview.Result
	for _, r := range j.diff(t, 1) {
		if r.Action != preview.None {
			differing = append(differing, r)
		}
	}
	want := v1alpha1.Change{Field: "contactName", From: "Ada Birch", To: "Ada Oak"}
	if len(differing) != 1 || differing[0].Action != preview.Update || len(differing[0].Changes) != 1 || differing[0].Changes[0] != want {
		t.Fatalf("the pull request shows %+v", differing)
	}
	j.apply(t)
	j.becomes(t, "customer/acme", "Planned")
	if plan := j.command(t, 0, "plan").out; strings.Count(plan, " → ") != 1 || !strings.Contains(plan, "contactName: Ada Birch → Ada Oak") {
		t.Error(plan)
	}
	j.wrote(t, 0, "planning")
	j.windows(t, open)
	j.wrote(t, 0, "the window alone")
	j.command(t, 0, "approve", "customer/acme", "--yes")
	j.becomes(t, "customer/acme", "Available")
	j.settled(t)
	if sent := j.wrote(t, 1, "what was approved"); !bytes.Contains(sent[0], []byte("<pname>Ada Oak</pname>")) || bytes.Count(sent[0], []byte("<values>")) != 1 {
		t.Errorf("%s", sent[0])
	}

	// Without a plan, a change waits for the server's window.
	j.windows(t, closed())
	j.edit(t, "managementPolicy: Plan", "managementPolicy: Managed")
	j.edit(t, "contactName: Ada Oak", "contactName: Ada Elm")
	j.apply(t)
	j.becomes(t, "customer/acme", "Planned")
	j.wrote(t, 1, "before the window")
	j.windows(t, open)
	j.becomes(t, "customer/acme", "Available")
	j.settled(t)
	if sent := j.wrote(t, 2, "in the window"); !bytes.Contains(sent[1], []byte("<pname>Ada Elm</pname>")) {
		t.Errorf("%s", sent[1])
	}
	j.diff(t, 0)
}

// fill has people and a billing system at work before the operator comes.
func (j *takeover) fill(t *testing.T) {
	t.Helper()
	var err error
	j.plesk, err = j.bed.Simulate(plesksim.Options{
		OnInvalidAnswer: func(err error, _, answer []byte) { t.Errorf("invalid answer: %v\n%s", err, answer) },
		OnPacket: func(p plesksim.Packet) {
			j.mu.Lock()
			defer j.mu.Unlock()
			if p.Writes {
				j.writes = append(j.writes, p.Request)
			}
		},
	})
	if err == nil {
		err = exporttest.Fill(t.Context(), j.plesk, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	j.namespace(t, takeoverNamespace)
	j.serve(t, j.plesk, takeoverNamespace, "old-01")
	j.windows(t, closed())
	j.becomes(t, "server/old-01", "Available")
}

// windows sets those of the server, and waits until the operator knows them.
func (j *takeover) windows(t *testing.T, all string) {
	t.Helper()
	srv := &v1alpha1.PleskServer{ObjectMeta: metav1.ObjectMeta{Namespace: takeoverNamespace, Name: "old-01"}}
	if err := j.bed.Client.Patch(t.Context(), srv, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"changeWindows":`+all+`}}`))); err != nil {
		t.Fatal(err)
	}
	j.eventually(t, "the windows are known", time.Minute, func() (string, bool) {
		if err := j.bed.Client.Get(t.Context(), client.ObjectKeyFromObject(srv), srv); err != nil {
			return err.Error(), false
		}
		ready := meta.FindStatusCondition(srv.Status.Conditions, v1alpha1.ConditionReady)
		return fmt.Sprintf("%+v", ready), ready != nil && ready.ObservedGeneration == srv.Generation
	})
}

// command runs one in the namespace, with an exit status.
func (j *takeover) command(t *testing.T, code int, args ...string) result {
	t.Helper()
	r := j.run(t, "", append(args, "-n", takeoverNamespace)...)
	if ExitCode(r.failure) != code {
		t.Fatalf("%v: exit status %d, want %d: %v\n%s%s", args, ExitCode(r.failure), code, r.failure, r.out, r.err)
	}
	return r
}

func (j *takeover) diff(t *testing.T, code int, more ...string) (results []preview.Result) {
	t.Helper()
	if err := json.Unmarshal([]byte(j.command(t, code, append([]string{"diff", "-k", j.dir, "-o", "json"}, more...)...).out), &results); err != nil {
		t.Fatal(err)
	}
	return results
}

// withoutCluster are the flags for the server alone.
func (j *takeover) withoutCluster(t *testing.T) []string {
	t.Helper()
	text, err := yaml.Marshal(j.plesk.Credentials(takeoverNamespace, "admin"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "admin.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"--url", j.plesk.Access.URL, "--on", "old-01", "--credentials-file", file}
}

// becomes waits until an object of the namespace is, or is not, ready for a reason.
func (j *takeover) becomes(t *testing.T, ref, reason string) {
	t.Helper()
	j.world.becomes(t, ref, reason, "-n", takeoverNamespace)
}

// files are the manifests of the repository.
func (j *takeover) files(t *testing.T, do func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(j.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(path) == "kustomization.yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil {
			do(path, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// edit replaces a text in all files, editFile in those that hold another one.
func (j *takeover) edit(t *testing.T, was, is string) {
	t.Helper()
	j.editFile(t, was, was, is)
}

func (j *takeover) editFile(t *testing.T, having, was, is string) {
	t.Helper()
	edited := 0
	j.files(t, func(path, text string) {
		if !strings.Contains(text, having) || !strings.Contains(text, was) {
			return
		}
		edited++
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, was, is)), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	if edited == 0 {
		t.Fatalf("%q is in no file", was)
	}
}

// apply is what a GitOps tool does with the repository.
func (j *takeover) apply(t *testing.T) {
	t.Helper()
	j.files(t, func(path, text string) {
		u := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		u.SetNamespace(takeoverNamespace)
		if err := j.bed.Client.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(u), client.FieldOwner("git"), client.ForceOwnership); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	})
}

// settled waits until everything is ready as its spec is now.
func (j *takeover) settled(t *testing.T) {
	t.Helper()
	j.eventually(t, "all ready", 2*time.Minute, func() (string, bool) {
		var waiting []string
		n := 0
		for _, kind := range testbed.OurKinds() {
			list, err := j.bed.ListOf(kind)
			if err == nil {
				err = j.bed.Client.List(t.Context(), list, client.InNamespace(takeoverNamespace))
			}
			items, extracted := meta.ExtractList(list)
			if err != nil || extracted != nil {
				return fmt.Sprint(err, extracted), false
			}
			for _, i := range items {
				n++
				o := i.(client.Object)
				conditions, _ := testbed.Conditions(o)
				ready := meta.FindStatusCondition(conditions, v1alpha1.ConditionReady)
				if ready == nil || ready.Status != metav1.ConditionTrue || ready.ObservedGeneration != o.GetGeneration() {
					waiting = append(waiting, fmt.Sprintf("%T %s: %+v", o, o.GetName(), ready))
				}
			}
		}
		return strings.Join(waiting, "\n"), n > 10 && len(waiting) == 0
	})
}

// wrote checks how many packets have written to the server so far.
func (j *takeover) wrote(t *testing.T, n int, when string) [][]byte {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.writes) != n {
		t.Fatalf("%s: %d packets have written, want %d:\n%s", when, len(j.writes), n, bytes.Join(j.writes, []byte("\n")))
	}
	return j.writes
}
