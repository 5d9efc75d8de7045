{{- define "type_members" -}}
{{- if eq .name "metadata" -}}
as every Kubernetes object has it
{{- else -}}
{{ markdownRenderFieldDoc (trim .doc) }}
{{- end -}}
{{- end -}}
{{- /* What a value has to be, by its markers: a CEL rule is told by its message. */ -}}
{{- define "rules" -}}
{{- range .Validation -}}
{{- $rule := . | replace "\n" " " | replace "|" "\\|" -}}
{{- if or (eq $rule "Optional: {}") (contains "XValidation: " $rule) -}}
{{- else if eq $rule "Required: {}" -}}
required<br/>
{{- else if hasPrefix "Pattern: " $rule -}}
pattern {{ trimPrefix "Pattern: " $rule }}<br/>
{{- else -}}
{{ $rule }}<br/>
{{- end -}}
{{- end -}}
{{- range index .Markers "kubebuilder:validation:XValidation" -}}
{{ .Message | replace "|" "\\|" }}<br/>
{{- end -}}
{{- range index .Markers "kubebuilder:validation:items:XValidation" -}}
each: {{ .Message | replace "|" "\\|" }}<br/>
{{- end -}}
{{- end -}}
