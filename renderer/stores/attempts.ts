/** The attempts of the window's dialogs. */
import { defineStore } from 'pinia'
import { createAttempt } from './attempt'

export const useCreation = defineStore('creation', createAttempt)
export const useConfiguring = defineStore('configuring', createAttempt)
export const useMembershipChange = defineStore('membershipChange', createAttempt)
export const useBreakpointEdit = defineStore('breakpointEdit', createAttempt)
export const useWorkloadStart = defineStore('workloadStart', createAttempt)
export const useNemesisStart = defineStore('nemesisStart', createAttempt)
