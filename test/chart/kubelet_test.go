// The kubelet and the Job controller, which the control plane of the tests does not have: a Job's program runs here, as the Job's account.

package chart

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// job finds the one Job whose name begins so.
func (l *leaving) job(g *WithT, prefix string) *batchv1.Job {
	list := &batchv1.JobList{}
	g.Expect(l.bed.Client.List(l, list, client.InNamespace(namespace))).To(Succeed())
	named := slices.DeleteFunc(list.Items, func(j batchv1.Job) bool { return !strings.HasPrefix(j.Name, prefix) || j.DeletionTimestamp != nil })
	g.Expect(named).To(HaveLen(1))
	return &named[0]
}

// runJob runs a Job's program and returns how it ended and what it said.
func (l *leaving) runJob(t *testing.T, job *batchv1.Job) (status int, said string) {
	t.Helper()
	g := NewWithT(t)
	kubeconfig, err := clientcmd.LoadFromFile(l.bed.Kubeconfig)
	g.Expect(err).NotTo(HaveOccurred())
	pod := job.Spec.Template.Spec
	for _, a := range kubeconfig.AuthInfos {
		a.Impersonate = "system:serviceaccount:" + namespace + ":" + pod.ServiceAccountName
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	g.Expect(clientcmd.WriteToFile(*kubeconfig, file)).To(Succeed())
	cmd := exec.CommandContext(l, filepath.Join(l.bed.Dir, "bin", "manager"), pod.Containers[0].Args...)
	cmd.Env = []string{"KUBECONFIG=" + file}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("%q: %v", pod.Containers[0].Args, err)
	}
	l.end(g, job, cmd.ProcessState.ExitCode() == 0)
	return cmd.ProcessState.ExitCode(), string(out)
}

// end writes the status that the Job controller would.
func (l *leaving) end(g *WithT, job *batchv1.Job, well bool) {
	now := metav1.NewTime(time.Now())
	kinds := []batchv1.JobConditionType{batchv1.JobFailureTarget, batchv1.JobFailed}
	job.Status.StartTime = &now
	if well {
		kinds = []batchv1.JobConditionType{batchv1.JobSuccessCriteriaMet, batchv1.JobComplete}
		job.Status.CompletionTime, job.Status.Succeeded = &now, 1
	} else {
		job.Status.Failed = 1
	}
	job.Status.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{}
	for _, kind := range kinds {
		job.Status.Conditions = append(job.Status.Conditions, batchv1.JobCondition{Type: kind, Status: corev1.ConditionTrue, LastTransitionTime: now, LastProbeTime: now})
	}
	g.Expect(l.bed.Client.Status().Update(l, job)).To(Succeed())
}

// playKubelet waits for a Job and runs it, while helm waits for its end. What it returns waits for that, too.
func (l *leaving) playKubelet(t *testing.T, name string) (ended func() (status int, said string)) {
	type end struct {
		status int
		said   string
	}
	result := make(chan end, 1)
	go func() {
		defer close(result)
		g := NewGomega(func(message string, _ ...int) { t.Error(message) })
		job := &batchv1.Job{}
		begins := func(g Gomega) { // one that has failed stays until the next one takes its place
			job = &batchv1.Job{}
			g.Expect(l.bed.Client.Get(l, client.ObjectKey{Namespace: namespace, Name: name}, job)).To(Succeed())
			g.Expect(job.Status.Conditions).To(BeEmpty())
			g.Expect(job.DeletionTimestamp).To(BeNil())
		}
		if !g.Eventually(begins).WithContext(l).WithTimeout(readyWithin).Should(Succeed()) {
			return
		}
		status, said := l.runJob(t, job)
		result <- end{status, said}
	}()
	return func() (int, string) {
		e, ran := <-result
		if !ran {
			t.Fatalf("the Job %s did not run", name)
		}
		return e.status, e.said
	}
}
