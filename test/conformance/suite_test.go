// The suite: one control plane for all promises, a scheduler that runs several at a time, and the checks at the end.

// Package conformance holds what every kind must keep, whatever happens: one row per kind, one suite for all of them.
//
// The operator runs in this process, one manager per world, with the rights of config/rbac, so that it can be made to fail at
// each single call, to lose the answer of one, or to be killed right after one. A promise is a function over a row; promises run several at a time.
package conformance

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

var (
	bed        *testbed.Bed
	places     chan place // one for each world that may run at the same time
	mapper     meta.RESTMapper
	seen       *store
	conditions *testbed.ConditionsWatch
	vault      *testbed.Vault
	logs       *spool // what the operators have logged
	exposed    *spool // what the metrics endpoints of all lives would have said at their end
)

// atOnce is how many worlds run at the same time. Most of them wait for a retry most of the time.
var atOnce = flag.Int("at-once", 6, "worlds that run at the same time")

// keepLog is for whoever looks for the cause of a failure.
var keepLog = flag.String("keep-log", "", "file that receives what the operators logged")

func TestConformance(t *testing.T) {
	RegisterFailHandler(Fail)
	debug.SetGCPercent(400) // as the control plane's (testbed)
	dir := t.TempDir()
	for path, s := range map[string]**spool{cmp.Or(*keepLog, filepath.Join(dir, "log")): &logs, filepath.Join(dir, "metrics"): &exposed} {
		var err error
		if *s, err = newSpool(path); err != nil {
			t.Fatal(err)
		}
	}
	log.SetLogger(controller.WithoutBodies(talkative()))
	plan(PreviewSpecs("conformance"))
	RunSpecs(t, "every kind, over a real API server and a simulated Plesk")
}

// talkative is the logger of a user who has asked for all that there is.
func talkative() logr.Logger {
	var o zap.Options
	flags := flag.NewFlagSet("log", flag.PanicOnError)
	o.BindFlags(flags)
	_ = flags.Parse([]string{"--zap-log-level=10", "--zap-encoder=json"}) // it panics
	return zap.New(zap.UseFlagOptions(&o), zap.WriteTo(logs))
}

var _ = BeforeSuite(func() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute) // a first build of the control plane takes minutes
	defer cancel()
	var err error
	bed, err = testbed.Start(ctx, testbed.Options{Log: GinkgoWriter})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(bed.Close()).To(Succeed()) })
	places = make(chan place, *atOnce)
	for i := range *atOnce {
		p := place{namespace: fmt.Sprintf("operator-%d", i+1)}
		p.access, err = bed.Operator(ctx, p.namespace)
		Expect(err).NotTo(HaveOccurred())
		places <- p
	}
	watching, stop := context.WithCancel(context.Background())
	DeferCleanup(stop)
	conditions, err = bed.WatchConditions(watching, "")
	Expect(err).NotTo(HaveOccurred())
	vault, err = bed.WatchSecrets(watching, "")
	Expect(err).NotTo(HaveOccurred())
	seen = newStore()
	_, err = bed.Watch(watching, "", testbed.Reporting(), seen.see)
	Expect(err).NotTo(HaveOccurred())
	plain, err := rest.HTTPClientFor(bed.Config)
	Expect(err).NotTo(HaveOccurred())
	mapper, err = apiutil.NewDynamicRESTMapper(bed.Config, plain)
	Expect(err).NotTo(HaveOccurred())
	go schedule()
})

var _ = AfterSuite(func() {
	if vault == nil {
		return
	}
	logged, size, err := logs.all()
	Expect(err).NotTo(HaveOccurred())
	told, _, err := exposed.all()
	Expect(err).NotTo(HaveOccurred())
	if size > 0 { // some world had an operator
		Expect(vault.Kept()).To(BeNumerically(">", 0), "no secret to look for")
	}
	Expect(vault.Leaks(map[string]io.Reader{"the log": logged, "the metrics": told})).To(BeEmpty())
	Expect(conditions.Complaints("")).To(BeEmpty())
})

var _ = ReportAfterSuite("why specs failed", func(r Report) { testbed.Recap(os.Stdout, r) })

// place is where the operator of a world runs: a namespace of its own, and the rights of config/rbac. Worlds follow each other there.
type place struct {
	namespace string
	access    *rest.Config
}

// promise is one spec whose body runs on the scheduler.
type promise struct {
	body func()
	once sync.Once
	done chan struct{}
	err  error
	took time.Duration
}

var (
	promises = map[string]*promise{} // by the spec's full text
	planned  []*promise
)

// keep declares a promise about a subject: a spec that says what is promised. Its body asserts with its worlds only, since it
// runs beside others. The tree of specs is built twice, so a promise that is known already is the same one.
func keep(about, text string, body func()) {
	name := about + " " + text
	p := promises[name]
	if p == nil {
		p = &promise{body: body, done: make(chan struct{})}
		promises[name] = p
	}
	It(text, func() {
		go p.run() // where the scheduler has not come so far yet
		<-p.done
		AddReportEntry("took", p.took.Round(time.Millisecond).String(), ReportEntryVisibilityFailureOrVerbose)
		if p.err != nil {
			Fail(p.err.Error())
		}
	})
}

func (p *promise) run() {
	p.once.Do(func() {
		defer close(p.done)
		began := time.Now()
		defer func() { p.took = time.Since(began) }()
		p.err = caught(p.body)
	})
}

// plan chooses the promises whose specs will run, in their order.
func plan(r Report) {
	for _, s := range r.SpecReports {
		p := promises[strings.Join(append(s.ContainerHierarchyTexts, s.LeafNodeText), " ")]
		if p != nil && !s.State.Is(types.SpecStateSkipped|types.SpecStatePending) {
			planned = append(planned, p)
		}
	}
}

// schedule starts what is planned. Worlds wait for a place themselves; more promises than places are begun so that one
// which waits for its last world keeps none idle.
func schedule() {
	begun := make(chan struct{}, 2**atOnce)
	for _, p := range planned {
		begun <- struct{}{}
		go func() {
			defer func() { <-begun }()
			p.run()
		}()
	}
}

// spool is a file that takes what many write: with -full, some gigabytes.
type spool struct {
	mu   sync.Mutex
	file *os.File
	err  error // of the first write that failed: loggers ask nobody
}

func newSpool(path string) (*spool, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	return &spool{file: file}, err
}

var _ io.Writer = (*spool)(nil)

// Write implements io.Writer.
func (s *spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.file.Write(p)
	s.err = cmp.Or(s.err, err)
	return n, err
}

// all is what was written so far.
func (s *spool) all() (io.Reader, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := s.file.Stat()
	if err := cmp.Or(s.err, err); err != nil {
		return nil, 0, err
	}
	return io.NewSectionReader(s.file, 0, info.Size()), info.Size(), nil
}
