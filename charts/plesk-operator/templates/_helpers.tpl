{{/* Names, labels, and the list of operators that the values describe. */}}

{{- define "plesk-operator.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects Pods: config/manager's labels, and the release. */}}
{{- define "plesk-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/component: manager
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "plesk-operator.labels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "plesk-operator.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* All operators as JSON: {"managers": [{name, suffix, namespaces, flags, resources}]}. What contradicts itself is refused here. */}}
{{- define "plesk-operator.managers" -}}
{{- $values := .Values -}}
{{- $all := list -}}
{{- if not $values.managers -}}
{{- $all = append $all (dict "name" "" "suffix" "" "namespaces" $values.namespaces "flags" $values.flags "resources" $values.resources) -}}
{{- else -}}
{{- if $values.namespaces }}{{ fail "namespaces and managers are both set: with managers, each names its own" }}{{ end -}}
{{- $seen := dict -}}
{{- range $name, $m := $values.managers -}}
{{- range $m.namespaces -}}
{{- if hasKey $seen . }}{{ fail (printf "managers: the namespace %s is that of %s and of %s; two operators would write to the same objects" . (get $seen .) $name) }}{{ end -}}
{{- $_ := set $seen . $name -}}
{{- end -}}
{{- $flags := merge (dict) (default dict $m.flags) $values.flags -}}
{{- $resources := mergeOverwrite (deepCopy $values.resources) (default dict $m.resources) -}}
{{- $all = append $all (dict "name" $name "suffix" (printf "-%s" $name) "namespaces" $m.namespaces "flags" $flags "resources" $resources) -}}
{{- end -}}
{{- end -}}
{{- if and (not $values.serviceAccount.create) (not $values.serviceAccount.name) }}{{ fail "serviceAccount.create is false: name the account that is there" }}{{ end -}}
{{- dict "managers" $all | toJson -}}
{{- end -}}

{{/* The account of one operator: a list of the root and the operator. */}}
{{- define "plesk-operator.account" -}}
{{- $root := index . 0 -}}
{{- $manager := index . 1 -}}
{{- if $root.Values.serviceAccount.create -}}
{{- default (printf "%s-controller-manager" (include "plesk-operator.fullname" $root)) $root.Values.serviceAccount.name }}{{ $manager.suffix }}
{{- else -}}
{{- $root.Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The accounts of all operators, as the subjects of a binding. */}}
{{- define "plesk-operator.subjects" -}}
{{- $root := . -}}
{{- $names := list -}}
{{- range (include "plesk-operator.managers" . | fromJson).managers -}}
{{- $names = append $names (include "plesk-operator.account" (list $root .)) -}}
{{- end -}}
{{- range uniq $names }}
- kind: ServiceAccount
  name: {{ . }}
  namespace: {{ $root.Release.Namespace }}
{{- end }}
{{- end -}}

{{/* What every container of the image may do: nothing. */}}
{{- define "plesk-operator.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "plesk-operator.podSecurity" -}}
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* The spec of a Job that runs the image's program once: a list of the root, the operator whose account it has, and the arguments. */}}
{{- define "plesk-operator.job" -}}
{{- $root := index . 0 -}}
{{- $arguments := index . 2 -}}
spec:
  backoffLimit: 0
  activeDeadlineSeconds: 600
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride }}
        app.kubernetes.io/component: release-finalizers
        app.kubernetes.io/instance: {{ $root.Release.Name }}
    spec:
      restartPolicy: Never
      serviceAccountName: {{ include "plesk-operator.account" (list $root (index . 1)) }}
      securityContext:
        {{- include "plesk-operator.podSecurity" $root | nindent 8 }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
      - name: release-finalizers
        image: {{ include "plesk-operator.image" $root }}
        imagePullPolicy: {{ $root.Values.image.pullPolicy }}
        args:
          {{- toYaml $arguments | nindent 10 }}
        securityContext:
          {{- include "plesk-operator.containerSecurity" $root | nindent 10 }}
        resources:
          requests: {cpu: 20m, memory: 64Mi}
          limits: {memory: 512Mi}
{{- end -}}
