// The conditions checker: it fails a test when an object's conditions contradict each other, are about no generation of the spec, or are unsteady.

package testbed

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Conditions returns the conditions of an object of ours and the generation that its status is about.
func Conditions(o client.Object) (conditions []metav1.Condition, observed int64) {
	switch o := o.(type) {
	case v1alpha1.Object:
		return o.State().Conditions, o.State().ObservedGeneration
	case *v1alpha1.PleskSuspension:
		return o.Status.Conditions, o.Status.ObservedGeneration
	case *v1alpha1.PleskServer:
		return o.Status.Conditions, o.Status.ObservedGeneration
	}
	return nil, 0
}

// CheckConditions checks one version of an object of ours, after the version before it (nil for the first).
func CheckConditions(before, after client.Object) error {
	conditions, observed := Conditions(after)
	var errs []error
	complain := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if observed > after.GetGeneration() || observed == 0 && len(conditions) > 0 {
		complain("status.observedGeneration is %d, the generation %d", observed, after.GetGeneration())
	}
	if before != nil {
		if _, was := Conditions(before); was > observed {
			complain("status.observedGeneration went back from %d to %d", was, observed)
		}
	}
	for _, c := range conditions {
		errs = append(errs, checkCondition(c, after.GetGeneration()))
	}
	errs = append(errs, contradictions(conditions))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%T %s/%s: %w\nof %+v", after, after.GetNamespace(), after.GetName(), err, conditions)
	}
	return nil
}

// contradictions are what no object may say at once.
func contradictions(conditions []metav1.Condition) error {
	is := func(kind string) bool { return meta.IsStatusConditionTrue(conditions, kind) }
	var errs []error
	if is(v1alpha1.ConditionReconciling) && is(v1alpha1.ConditionStalled) {
		errs = append(errs, errors.New("it is both Reconciling and Stalled"))
	}
	if is(v1alpha1.ConditionReady) {
		for _, kind := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
			if is(kind) {
				errs = append(errs, fmt.Errorf("it is Ready and %s", kind))
			}
		}
		for _, kind := range []string{v1alpha1.ConditionSynced, v1alpha1.ConditionReachable, v1alpha1.ConditionAuthenticated} {
			if c := meta.FindStatusCondition(conditions, kind); c != nil && c.Status != metav1.ConditionTrue {
				errs = append(errs, fmt.Errorf("it is Ready and %s is %s", kind, c.Status))
			}
		}
	}
	for _, kind := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if c := meta.FindStatusCondition(conditions, kind); c != nil && c.Status != metav1.ConditionTrue {
			errs = append(errs, fmt.Errorf("%s is there without being True", kind))
		}
	}
	return errors.Join(errs...)
}

// unsteady is what would change from try to try, with a name for it.
var unsteady = map[string]*regexp.Regexp{
	"a time of day":      regexp.MustCompile(`\b\d{1,2}:\d{2}:\d{2}\b`),
	"a local port":       regexp.MustCompile(`:\d+->`),
	"a pointer":          regexp.MustCompile(`\b0x[0-9a-f]{6,}\b`),
	"a resource version": regexp.MustCompile(`(?i)resource ?version \d`),
}

func checkCondition(c metav1.Condition, generation int64) error {
	var errs []error
	if c.ObservedGeneration <= 0 || c.ObservedGeneration > generation {
		errs = append(errs, fmt.Errorf("%s has observedGeneration %d, the generation is %d", c.Type, c.ObservedGeneration, generation))
	}
	reasons, err := conditionReasons()
	switch {
	case err != nil:
		errs = append(errs, err)
	case !slices.Contains(reasons, c.Reason):
		errs = append(errs, fmt.Errorf("%s has the reason %q, which is not one of the documented reasons", c.Type, c.Reason))
	}
	if strings.TrimSpace(c.Message) == "" {
		errs = append(errs, fmt.Errorf("%s has no message", c.Type))
	}
	for what, pattern := range unsteady {
		if found := pattern.FindString(c.Message); found != "" {
			errs = append(errs, fmt.Errorf("%s has %s in its message: %q", c.Type, what, found))
		}
	}
	return errors.Join(errs...)
}

// conditionReasons reads the closed set of reasons from the API's source: the constants named Reason….
var conditionReasons = sync.OnceValues(func() ([]string, error) {
	root, err := repositoryRoot()
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "api", "v1alpha1", "conditions.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	var reasons []string
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Reason") {
			return true
		}
		text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err == nil {
			reasons = append(reasons, text)
		}
		return false
	})
	if len(reasons) == 0 {
		return nil, errors.New("api/v1alpha1/conditions.go names no reasons")
	}
	return reasons, nil
})

// machineIsSlow is what time-outs say, which are short in tests: they come and go with the load of the machine.
var machineIsSlow = regexp.MustCompile(`(no answer|was not complete) within`)

// flipsAllowed is how often a message may return to a text that it had before, for one generation and reason.
const flipsAllowed = 6

// ConditionsWatch checks every version of objects of ours.
type ConditionsWatch struct {
	mu         sync.Mutex
	histories  map[types.UID]*history
	complaints map[string][]string // by namespace
	seen       map[string]int      // versions, by namespace
}

// history is what one object has said.
type history struct {
	last  client.Object
	texts map[said]*texts
}

// said is what a message is about; while it stays, the text should.
type said struct {
	condition, reason string
	generation        int64
}

type texts struct {
	had   []string
	last  string
	flips int
}

// WatchConditions checks every version of every object of ours in a namespace, "" for all, until ctx ends.
func (b *Bed) WatchConditions(ctx context.Context, namespace string) (*ConditionsWatch, error) {
	w := NewConditionsWatch()
	_, err := b.Watch(ctx, namespace, Reporting(), w.See)
	return w, err
}

// NewConditionsWatch returns one that learns of the versions by See.
func NewConditionsWatch() *ConditionsWatch {
	return &ConditionsWatch{histories: map[types.UID]*history{}, complaints: map[string][]string{}, seen: map[string]int{}}
}

// See looks at one version.
func (w *ConditionsWatch) See(event watch.EventType, o client.Object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen[o.GetNamespace()]++
	h := w.histories[o.GetUID()]
	if h == nil {
		h = &history{texts: map[said]*texts{}}
		w.histories[o.GetUID()] = h
	}
	if err := errors.Join(CheckConditions(h.last, o), h.flips(o)); err != nil {
		w.complaints[o.GetNamespace()] = append(w.complaints[o.GetNamespace()], err.Error())
	}
	h.last = o
	if event == watch.Deleted {
		delete(w.histories, o.GetUID())
	}
}

// flips complains of a message that goes to and fro between texts while nothing else changes.
func (h *history) flips(o client.Object) error {
	conditions, _ := Conditions(o)
	for _, c := range conditions {
		about := said{c.Type, c.Reason, c.ObservedGeneration}
		t := h.texts[about]
		if t == nil {
			t = &texts{}
			h.texts[about] = t
		}
		if c.Message == t.last || machineIsSlow.MatchString(c.Message) {
			continue
		}
		if slices.Contains(t.had, c.Message) {
			t.flips++
		} else {
			t.had = append(t.had, c.Message)
		}
		t.last = c.Message
		if t.flips == flipsAllowed {
			return fmt.Errorf("%T %s/%s: the message of %s (%s) goes to and fro: %q", o, o.GetNamespace(), o.GetName(), c.Type, c.Reason, t.had)
		}
	}
	return nil
}

// Seen is how many versions of objects of a namespace were checked.
func (w *ConditionsWatch) Seen(namespace string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen[namespace]
}

// Complaints are about the objects of a namespace, "" for all.
func (w *ConditionsWatch) Complaints(namespace string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if namespace != "" {
		return slices.Clone(w.complaints[namespace])
	}
	var all []string
	for _, c := range w.complaints {
		all = append(all, c...)
	}
	return all
}
