// When the objects of a server have to wait.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestUnready(t *testing.T) {
	server := func(generation int64, conditions ...metav1.Condition) *v1alpha1.PleskServer {
		return &v1alpha1.PleskServer{
			ObjectMeta: metav1.ObjectMeta{Namespace: "hosting", Name: "web-01", Generation: generation},
			Status:     v1alpha1.PleskServerStatus{Conditions: conditions, ProtocolVersion: "1.6.9.1"},
		}
	}
	unheard := server(1, metav1.Condition{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonAvailable, ObservedGeneration: 1})
	unheard.Status.ProtocolVersion = ""
	ready := func(status metav1.ConditionStatus, reason string, generation int64) metav1.Condition {
		return metav1.Condition{Type: v1alpha1.ConditionReady, Status: status, Reason: reason, ObservedGeneration: generation}
	}
	for name, c := range map[string]struct {
		server *v1alpha1.PleskServer
		reason string // "" for ready
	}{
		"nobody has looked":                      {server(1), v1alpha1.ReasonServerNotReady},
		"ready":                                  {server(1, ready(metav1.ConditionTrue, v1alpha1.ReasonAvailable, 1)), ""},
		"ready before its last edit":             {server(2, ready(metav1.ConditionTrue, v1alpha1.ReasonAvailable, 1)), v1alpha1.ReasonServerNotReady},
		"ready, and nobody knows what it can do": {unheard, v1alpha1.ReasonServerNotReady},
		"not ready":                              {server(1, ready(metav1.ConditionFalse, v1alpha1.ReasonInvalidSpec, 1)), v1alpha1.ReasonServerNotReady},
		"another Plesk":                          {server(1, ready(metav1.ConditionFalse, v1alpha1.ReasonWrongServer, 1)), v1alpha1.ReasonWrongServer},
		"refused":                                {server(1, ready(metav1.ConditionFalse, v1alpha1.ReasonCredentialsRejected, 1)), v1alpha1.ReasonCredentialsRejected},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			reason, message := unready(c.server)
			g.Expect(reason).To(Equal(c.reason))
			silent := message == ""
			g.Expect(silent).To(Equal(c.reason == ""))
		})
	}
}
