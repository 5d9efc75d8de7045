// The checkers themselves: what they must complain of, and what not.

package testbed_test

import (
	"io"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// saying is an object of generation 3 that is about generation 3, with conditions.
func saying(conditions ...metav1.Condition) *v1alpha1.PleskCustomer {
	o := &v1alpha1.PleskCustomer{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "acme", UID: "4711", Generation: 3}}
	o.Status.ObservedGeneration, o.Status.Conditions = 3, conditions
	return o
}

func condition(kind string, status metav1.ConditionStatus, change ...func(*metav1.Condition)) metav1.Condition {
	c := metav1.Condition{Type: kind, Status: status, Reason: v1alpha1.ReasonAvailable, Message: "the server answers", ObservedGeneration: 3}
	for _, f := range change {
		f(&c)
	}
	return c
}

func TestCheckConditions(t *testing.T) {
	message := func(m string) func(*metav1.Condition) { return func(c *metav1.Condition) { c.Message = m } }
	ready, stalled := condition("Ready", "True"), condition("Stalled", "True")
	for name, c := range map[string]struct {
		o    *v1alpha1.PleskCustomer
		says string // "" for no complaint
	}{
		"in order":                   {saying(ready, condition("Synced", "True")), ""},
		"nothing yet":                {&v1alpha1.PleskCustomer{}, ""},
		"ready and stalled":          {saying(ready, stalled), "Ready and Stalled"},
		"ready and reconciling":      {saying(ready, condition("Reconciling", "True")), "Ready and Reconciling"},
		"ready and not synced":       {saying(ready, condition("Synced", "Unknown")), "Synced is Unknown"},
		"reconciling and stalled":    {saying(condition("Reconciling", "True"), stalled), "both"},
		"stalled is false":           {saying(condition("Stalled", "False")), "without being True"},
		"a reason of its own":        {saying(condition("Ready", "False", func(c *metav1.Condition) { c.Reason = "Whatever" })), "not one of the documented reasons"},
		"about no generation":        {saying(condition("Ready", "False", func(c *metav1.Condition) { c.ObservedGeneration = 0 })), "observedGeneration 0"},
		"about a generation to come": {saying(condition("Ready", "False", func(c *metav1.Condition) { c.ObservedGeneration = 4 })), "observedGeneration 4"},
		"a time":                     {saying(condition("Ready", "False", message("failed at 09:15:01"))), "a time of day"},
		"a local port":               {saying(condition("Ready", "False", message("read tcp 127.0.0.1:4711->127.0.0.1:8443"))), "a local port"},
		"a pointer":                  {saying(condition("Ready", "False", message("&{0xc000123456}"))), "a pointer"},
		"no message":                 {saying(condition("Ready", "False", message(" "))), "no message"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			err := testbed.CheckConditions(nil, c.o)
			if c.says == "" {
				g.Expect(err).NotTo(HaveOccurred())
				return
			}
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
		})
	}
	earlier := saying(ready)
	earlier.Status.ObservedGeneration = 2
	NewWithT(t).Expect(testbed.CheckConditions(saying(ready), earlier)).To(MatchError(ContainSubstring("went back from 3 to 2")))
}

func TestConditionsWatchComplainsOfMessagesThatGoToAndFro(t *testing.T) {
	g := NewWithT(t)
	w := testbed.NewConditionsWatch()
	see := func(text string) {
		w.See(watch.Modified, saying(condition("Ready", "False", func(c *metav1.Condition) { c.Message = text })))
	}
	for _, text := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"} {
		see(text)
	}
	g.Expect(w.Complaints("ns")).To(BeEmpty(), "news are no flips")
	for range 4 {
		see("h")
		see("i")
	}
	g.Expect(w.Complaints("ns")).To(ConsistOf(ContainSubstring("goes to and fro")))
	g.Expect(w.Complaints("elsewhere")).To(BeEmpty())
}

func TestVaultFindsWhatWasEverSecret(t *testing.T) {
	g := NewWithT(t)
	v := testbed.NewVault()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "s"}, Data: map[string][]byte{
		"password": []byte(`Old<Pass"1`), "username": []byte("administrator"),
	}}
	v.See(watch.Added, secret)
	secret.Data["password"] = []byte("New-Pass-2")
	v.See(watch.Modified, secret)
	g.Expect(v.Leaks(map[string]io.Reader{"log": strings.NewReader("administrator logged in with [redacted]")})).To(BeEmpty())
	for form, text := range map[string]string{
		"as it is": `x Old<Pass"1 y`, "XML": "<passwd>Old&lt;Pass&#34;1</passwd>", "JSON": `{"p":"Old\u003cPass\"1"}`, "base64": "T2xkPFBhc3MiMQ==", "the new one": "p=New-Pass-2",
	} {
		g.Expect(v.Leaks(map[string]io.Reader{"log": strings.NewReader(text)})).To(ConsistOf(And(HavePrefix("ns/s[password] is in log: "), Not(ContainSubstring(text)))), form)
	}
	for at := 4 << 20; at < 4<<20+40; at += 5 { // also where one look at a long text ends and the next begins
		long := strings.Repeat("x", at) + "New-Pass-2" + strings.Repeat("x", 100)
		g.Expect(v.Leaks(map[string]io.Reader{"log": strings.NewReader(long)})).To(HaveLen(1), "at %d", at)
	}
	v.See(watch.Modified, saying(condition("Ready", "False", func(c *metav1.Condition) { c.Message = "tried New-Pass-2 in vain" })))
	v.See(watch.Deleted, saying())
	g.Expect(v.Leaks(nil)).To(ConsistOf(`ns/s[password] is told by *v1alpha1.PleskCustomer ns/acme: "tried [it] in vain"`))
}
